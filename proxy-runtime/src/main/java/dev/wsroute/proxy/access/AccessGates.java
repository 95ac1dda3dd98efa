// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.access;

import dev.wsroute.config.RuleConfig;
import dev.wsroute.proxy.metrics.ProxyMetrics;
import dev.wsroute.proxy.routing.AccessGate;
import org.jspecify.annotations.Nullable;

/** Creates what decides who may connect, for the rules of a configuration. Used on the control thread only. */
public final class AccessGates {

    private final ProxyMetrics metrics;

    public AccessGates(ProxyMetrics metrics) {
        this.metrics = metrics;
    }

    /**
     * The gate of a rule.
     *
     * @param route {@code namespace/name} of the rule's route
     * @return null if everybody may connect
     */
    public @Nullable AccessGate gate(String route, RuleConfig rule) {
        return RuleAccess.of(route, rule.access(), metrics);
    }
}
