// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.status;

import java.util.stream.Stream;

/** The conditions of a route, in the order in which they are listed. */
public enum ConditionType {
    /** The spec is valid. */
    Accepted,
    /** Every backend exists. */
    ResolvedRefs,
    /** Every ready proxy runs the current configuration, and there is at least one. */
    Programmed,
    /** Each rule has an endpoint that accepts connections. */
    BackendsAvailable,
    /** Accepted, ResolvedRefs and Programmed hold, and the proxies are rolled out; it does not depend on backends. */
    Ready,
    /** Only an edit can fix the route; listed only while that is the case. */
    Stalled,
    /** The operator scales the route and knows its load; listed only for routes with autoscaling. */
    ScalingActive,
    /** The load needs more proxies than the maximum; listed only for routes with autoscaling. */
    ScalingLimited,
    /** Policies say something about the route; listed only then (GEP-713). */
    PolicyAffected("wsroute.dev/WebSocketPolicyAffected");

    private final String label;

    ConditionType() {
        this.label = name();
    }

    ConditionType(String label) {
        this.label = label;
    }

    /** What conditions of this type are called. */
    public String label() {
        return label;
    }

    static ConditionType of(String label) {
        return Stream.of(values())
                .filter(type -> type.label.equals(label))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("No condition of the operator is called " + label));
    }
}
