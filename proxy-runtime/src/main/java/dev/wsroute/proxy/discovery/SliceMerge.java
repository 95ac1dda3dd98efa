// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.discovery;

import dev.wsroute.config.ServiceEndpoints;
import dev.wsroute.config.SliceFacts;
import dev.wsroute.config.UnusableEndpoint;
import dev.wsroute.config.UsableEndpoints;
import java.net.InetSocketAddress;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/** Merges the slices of a Service into one set of endpoints, by the rules of {@link ServiceEndpoints}. */
final class SliceMerge {

    private SliceMerge() {}

    /**
     * @param endpoints usable endpoints
     * @param unused numbers of unusable endpoints, by reason
     */
    record Merged(List<Endpoint> endpoints, Map<UnusableEndpoint, Integer> unused) {}

    /** @param portName name of the port in the slices; empty for a single unnamed port */
    static Merged merge(Collection<? extends SliceFacts> slices, String portName, UsableEndpoints usable) {
        ServiceEndpoints merged = ServiceEndpoints.of(slices, portName, usable);
        return new Merged(merged.used().stream().map(SliceMerge::endpoint).toList(), merged.unused());
    }

    private static Endpoint endpoint(ServiceEndpoints.MergedEndpoint endpoint) {
        return new Endpoint(
                new EndpointKey(endpoint.id(), endpoint.port()),
                new InetSocketAddress(endpoint.address(), endpoint.port()),
                endpoint.other() == null ? null : new InetSocketAddress(endpoint.other(), endpoint.port()),
                endpoint.podName(),
                endpoint.ready(),
                endpoint.serving(),
                endpoint.terminating(),
                endpoint.zones());
    }
}
