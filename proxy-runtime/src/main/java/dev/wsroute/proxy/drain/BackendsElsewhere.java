// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.drain;

import dev.wsroute.config.BackendConfig.EndpointSliceRef;
import dev.wsroute.config.ProxyConfig;
import dev.wsroute.proxy.discovery.SourceKey;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The Services of other namespaces that a configuration names. They are there by leave of these namespaces, so a connection to one
 * must not outlive it in the configuration. A route of the operator is called {@code namespace/name}; one of a file need not be in
 * a namespace, and then none is another.
 *
 * @param named each as {@code namespace/service}
 */
record BackendsElsewhere(Set<String> named) {

    static final BackendsElsewhere NONE = new BackendsElsewhere(Set.of());

    static BackendsElsewhere of(ProxyConfig config) {
        return new BackendsElsewhere(config.routes().stream()
                .flatMap(route -> route.rules().stream()
                        .flatMap(rule -> rule.backends().stream())
                        .flatMap(backend -> Stream.ofNullable(backend.endpointSlices()))
                        .filter(slices -> isElsewhere(route.name(), slices.namespace())))
                .map(BackendsElsewhere::key)
                .collect(Collectors.toSet()));
    }

    private static boolean isElsewhere(String route, String namespace) {
        int slash = route.indexOf('/');
        return slash >= 0 && !route.substring(0, slash).equals(namespace);
    }

    private static String key(EndpointSliceRef slices) {
        return slices.namespace() + "/" + slices.service();
    }

    /** Whether it is in the configuration, or in the namespace of its route. */
    boolean permit(LiveConnection connection) {
        return !(connection.source() instanceof SourceKey.Slices slices)
                || !isElsewhere(connection.route(), slices.namespace())
                || named.contains(slices.namespace() + "/" + slices.service());
    }
}
