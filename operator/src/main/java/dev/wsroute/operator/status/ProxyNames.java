// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.status;

import dev.wsroute.config.SliceFacts;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** Names of a route's proxies, by the EndpointSlices of the Service in front of them. */
public final class ProxyNames {

    private ProxyNames() {}

    /** All of them. */
    static Set<String> all(List<EndpointSlice> slices) {
        return names(ReadSlice.of(slices), endpoint -> true);
    }

    /** Those that are not terminating. */
    public static Set<String> staying(List<EndpointSlice> slices) {
        return names(ReadSlice.of(slices), endpoint -> !Boolean.TRUE.equals(endpoint.terminating()));
    }

    /** The terminating ones. */
    public static Set<String> leaving(List<EndpointSlice> slices) {
        return names(ReadSlice.of(slices), endpoint -> Boolean.TRUE.equals(endpoint.terminating()));
    }

    /** The ready ones that are not terminating. */
    static Set<String> ready(List<EndpointSlice> slices) {
        return names(ReadSlice.of(slices), ProxyNames::isReady);
    }

    /** The ready ones that have the port called {@code portName}: a pod without it is not in the slices of the port. */
    static Set<String> ready(List<EndpointSlice> slices, String portName) {
        return names(
                ReadSlice.of(slices).stream()
                        .filter(slice -> slice.ports().stream().anyMatch(port -> portName.equals(port.name())))
                        .toList(),
                ProxyNames::isReady);
    }

    private static Set<String> names(List<ReadSlice> slices, Predicate<SliceFacts.SliceEndpoint> which) {
        return slices.stream()
                .flatMap(slice -> slice.endpoints().stream())
                .filter(which)
                .map(SliceFacts.SliceEndpoint::target)
                .filter(Objects::nonNull)
                .map(SliceFacts.Target::name)
                .filter(Objects::nonNull)
                .collect(Collectors.toSet());
    }

    private static boolean isReady(SliceFacts.SliceEndpoint endpoint) {
        return !Boolean.FALSE.equals(endpoint.ready()) && !Boolean.TRUE.equals(endpoint.terminating());
    }
}
