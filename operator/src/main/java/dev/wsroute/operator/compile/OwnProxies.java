// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.compile;

import dev.wsroute.api.v1alpha1.RouteRule;
import dev.wsroute.config.BackendConfig.EndpointSliceRef;
import dev.wsroute.config.ListenerConfig;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The Service in front of a route's proxies. */
public final class OwnProxies {

    private OwnProxies() {}

    /** The Service of {@code route}, in its namespace. */
    public static String service(String route) {
        return route + "-proxy";
    }

    /** Where the proxies find their zones; null if no rule asks for zones. Any of the ports has all of them. */
    static @Nullable EndpointSliceRef of(ObjectMeta route, List<RouteRule> rules, List<ListenerConfig> listeners) {
        return rules.stream()
                        .allMatch(rule -> rule.loadBalancing() == null
                                || rule.loadBalancing().topology() == null)
                ? null
                : new EndpointSliceRef(
                        route.getNamespace(),
                        service(route.getName()),
                        listeners.get(0).name());
    }
}
