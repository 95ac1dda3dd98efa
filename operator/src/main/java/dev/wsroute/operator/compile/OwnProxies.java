// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.compile;

import dev.wsroute.api.v1alpha1.ProxySpec;
import dev.wsroute.api.v1alpha1.RouteRule;
import dev.wsroute.config.BackendConfig.EndpointSliceRef;
import dev.wsroute.config.ProxyConfig;
import dev.wsroute.config.ReportsConfig;
import dev.wsroute.operator.scaling.ScalingRules;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What a route's proxies know of each other: the Service in front of them, and reports. */
public final class OwnProxies {

    /** The default in the CRD. */
    private static final int DEFAULT_REPLICAS = 2;

    private OwnProxies() {}

    /** The Service of {@code route}, in its namespace. */
    public static String service(String route) {
        return route + "-proxy";
    }

    /**
     * Where the proxies find their zones and each other; null if no rule asks for zones, and the proxies do not compare their
     * loads. Any of the ports has all of them.
     */
    static @Nullable EndpointSliceRef of(ObjectMeta route, List<RouteRule> rules, ProxyConfig proxy) {
        boolean zones = rules.stream()
                .anyMatch(rule ->
                        rule.loadBalancing() != null && rule.loadBalancing().topology() != null);
        return zones || proxy.rebalances()
                ? new EndpointSliceRef(
                        route.getNamespace(),
                        service(route.getName()),
                        proxy.listeners().get(0).name())
                : null;
    }

    /** Reports for the operator, if it scales the proxies, and for the other proxies, if they compare their loads; else null. */
    static @Nullable ReportsConfig reports(
            @Nullable ProxySpec spec, @Nullable ScalingRules scaling, ProxyConfig proxy) {
        if (scaling != null) {
            return new ReportsConfig(scaling.reportsEvery());
        }
        Integer replicas = spec == null ? null : spec.replicas();
        return proxy.rebalances()
                ? new ReportsConfig(ScalingRules.reportsEvery(Objects.requireNonNullElse(replicas, DEFAULT_REPLICAS)))
                : null;
    }
}
