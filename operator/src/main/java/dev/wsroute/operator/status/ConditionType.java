// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.status;

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
    ScalingLimited
}
