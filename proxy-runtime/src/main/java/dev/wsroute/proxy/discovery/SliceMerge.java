package dev.wsroute.proxy.discovery;

import dev.wsroute.config.ServiceEndpoints;
import dev.wsroute.config.SliceFacts;
import dev.wsroute.config.UnusableEndpoint;
import dev.wsroute.config.UsableEndpoints;
import java.net.InetSocketAddress;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/** Makes one set of endpoints of a Service's slices, as {@link ServiceEndpoints} says. */
final class SliceMerge {

    private SliceMerge() {}

    /**
     * @param endpoints those to be used
     * @param unused how many others there are, by what is wrong with them
     */
    record Merged(List<Endpoint> endpoints, Map<UnusableEndpoint, Integer> unused) {}

    /** @param portName as the slices call it; empty for the only, unnamed one */
    static Merged merge(Collection<? extends SliceFacts> slices, String portName, UsableEndpoints usable) {
        ServiceEndpoints merged = ServiceEndpoints.of(slices, portName, usable);
        return new Merged(merged.used().stream().map(SliceMerge::endpoint).toList(), merged.unused());
    }

    private static Endpoint endpoint(ServiceEndpoints.Endpoint endpoint) {
        return new Endpoint(
                new EndpointKey(endpoint.id(), endpoint.port()),
                new InetSocketAddress(endpoint.address(), endpoint.port()),
                endpoint.other() == null ? null : new InetSocketAddress(endpoint.other(), endpoint.port()),
                endpoint.podName(),
                endpoint.ready(),
                endpoint.serving(),
                endpoint.terminating());
    }
}
