// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.access;

import dev.wsroute.config.RuleConfig;
import dev.wsroute.proxy.metrics.ProxyMetrics;
import dev.wsroute.proxy.routing.AccessGate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Creates what decides who may connect, for the rules of a configuration. Used on the control thread only. */
public final class AccessGates {

    private final ProxyMetrics metrics;
    private final List<AccessStepFactory> further;

    /** @param further steps after those of addresses and origins, in order */
    public AccessGates(ProxyMetrics metrics, AccessStepFactory... further) {
        this.metrics = metrics;
        this.further = List.of(further);
    }

    /**
     * The gate of a rule.
     *
     * @param route {@code namespace/name} of the rule's route
     * @return null if everybody may connect
     */
    public @Nullable AccessGate gate(String route, RuleConfig rule) {
        return RuleAccess.of(route, rule, metrics, further);
    }
}
