package dev.wsroute.proxy.discovery;

import io.fabric8.kubernetes.api.model.discovery.v1.EndpointConditions;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointPort;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes one set of endpoints of a Service's slices, by the rules of
 * https://kubernetes.io/docs/concepts/services-networking/endpoint-slices/: an endpoint may be in several slices while
 * they are rearranged, and in one slice an address family; the number of a port name may differ from slice to slice.
 */
final class SliceMerge {

    private static final Logger log = LoggerFactory.getLogger(SliceMerge.class);

    private static final int MAX_PORT = 65535;

    private static final Comparator<InetSocketAddress> BY_FAMILY = Comparator.<InetSocketAddress>comparingInt(
                    address -> address.getAddress().getAddress().length)
            .thenComparing(address -> address.getAddress().getAddress(), Arrays::compareUnsigned);

    private SliceMerge() {}

    /**
     * @param portName as the slices call it; empty for the only, unnamed one
     */
    static Collection<Endpoint> merge(Collection<EndpointSlice> slices, String portName) {
        Map<EndpointKey, Endpoint> found = new LinkedHashMap<>();
        for (EndpointSlice slice : slices) {
            Integer port = port(slice, portName);
            if (port != null && slice.getEndpoints() != null) {
                slice.getEndpoints().forEach(endpoint -> add(found, slice, endpoint, port));
            }
        }
        return found.values();
    }

    /**
     * The same endpoint twice. IPv4 goes before IPv6, and the lower address before the higher, so that the slices' order
     * does not matter; of two slices neither is known to be the newer, so the more cautious word counts: terminating,
     * not ready.
     */
    private static Endpoint either(Endpoint one, Endpoint other) {
        return new Endpoint(
                one.key(),
                BY_FAMILY.compare(one.address(), other.address()) <= 0 ? one.address() : other.address(),
                one.podName() == null ? other.podName() : one.podName(),
                one.ready() && other.ready(),
                one.serving() && other.serving(),
                one.terminating() || other.terminating());
    }

    private static void add(
            Map<EndpointKey, Endpoint> found,
            EndpointSlice slice,
            io.fabric8.kubernetes.api.model.discovery.v1.Endpoint endpoint,
            int port) {
        InetAddress address = address(endpoint);
        if (address == null) {
            log.debug(
                    "{} has an endpoint without a usable address",
                    slice.getMetadata().getName());
            return;
        }
        boolean pod = endpoint.getTargetRef() != null
                && "Pod".equals(endpoint.getTargetRef().getKind());
        String uid = pod ? endpoint.getTargetRef().getUid() : null;
        EndpointKey key = new EndpointKey(uid == null || uid.isEmpty() ? address.getHostAddress() : uid, port);
        EndpointConditions conditions = endpoint.getConditions();
        boolean ready = conditions == null || !Boolean.FALSE.equals(conditions.getReady());
        boolean serving = (conditions == null || conditions.getServing() == null) ? ready : conditions.getServing();
        boolean terminating = conditions != null && Boolean.TRUE.equals(conditions.getTerminating());
        Endpoint made = new Endpoint(
                key,
                new InetSocketAddress(address, port),
                pod ? endpoint.getTargetRef().getName() : null,
                ready,
                serving,
                terminating);
        found.merge(key, made, SliceMerge::either);
    }

    private static @Nullable InetAddress address(io.fabric8.kubernetes.api.model.discovery.v1.Endpoint endpoint) {
        // Consumers must use the first address only; the others are not defined.
        return endpoint.getAddresses() == null || endpoint.getAddresses().isEmpty()
                ? null
                : NetUtil.createInetAddressFromIpAddressString(
                        endpoint.getAddresses().get(0));
    }

    private static @Nullable Integer port(EndpointSlice slice, String portName) {
        if (slice.getPorts() == null) {
            return null;
        }
        for (EndpointPort port : slice.getPorts()) {
            String name = port.getName() == null ? "" : port.getName();
            boolean tcp = port.getProtocol() == null || port.getProtocol().equals("TCP");
            if (tcp && name.equals(portName)) {
                // Null is every port of the endpoint, which is none to connect to.
                return port.getPort() == null || port.getPort() < 1 || port.getPort() > MAX_PORT
                        ? null
                        : port.getPort();
            }
        }
        return null;
    }
}
