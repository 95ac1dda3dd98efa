package dev.wsroute.proxy.discovery;

import dev.wsroute.config.ProxyPorts;
import dev.wsroute.config.UnusableAddress;
import dev.wsroute.proxy.kube.EndpointSlice;
import io.netty.util.NetUtil;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
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
     * @param endpoints those to be used
     * @param unused how many others there are, by what is wrong with them
     */
    record Merged(Collection<Endpoint> endpoints, Map<UnusableAddress, Integer> unused) {}

    /**
     * @param portName as the slices call it; empty for the only, unnamed one
     */
    static Merged merge(Collection<EndpointSlice> slices, String portName, UsableEndpoints usable) {
        Map<EndpointKey, Endpoint> found = new LinkedHashMap<>();
        Map<UnusableAddress, Integer> unused = new EnumMap<>(UnusableAddress.class);
        for (EndpointSlice slice : slices) {
            Integer port = port(slice, portName);
            if (port != null) {
                for (EndpointSlice.Endpoint endpoint : slice.endpoints()) {
                    UnusableAddress fault = add(found, slice, endpoint, port, usable);
                    if (fault != null) {
                        unused.merge(fault, 1, Integer::sum);
                    }
                }
            }
        }
        return new Merged(found.values(), unused);
    }

    /**
     * The same endpoint twice. IPv4 goes before IPv6, and the lower address before the higher, so that the slices' order
     * does not matter; of two slices neither is known to be the newer, so the more cautious word counts: terminating,
     * not ready.
     */
    private static Endpoint either(Endpoint one, Endpoint other) {
        List<InetSocketAddress> addresses = Stream.of(one.address(), one.other(), other.address(), other.other())
                .filter(Objects::nonNull)
                .sorted(BY_FAMILY)
                .toList();
        InetSocketAddress first = addresses.get(0);
        return new Endpoint(
                one.key(),
                first,
                addresses.stream()
                        .filter(address -> address.getAddress() instanceof Inet4Address
                                != first.getAddress() instanceof Inet4Address)
                        .findFirst()
                        .orElse(null),
                one.podName() == null ? other.podName() : one.podName(),
                one.ready() && other.ready(),
                one.serving() && other.serving(),
                one.terminating() || other.terminating());
    }

    private static @Nullable UnusableAddress add(
            Map<EndpointKey, Endpoint> found,
            EndpointSlice slice,
            EndpointSlice.Endpoint endpoint,
            int port,
            UsableEndpoints usable) {
        UnusableAddress fault = usable.fault(slice, endpoint);
        if (fault != null) {
            return fault;
        }
        InetAddress address = NetUtil.createInetAddressFromIpAddressString(endpoint.address());
        if (address == null) {
            return UnusableAddress.NONE;
        }
        if (usable.isOwn(address, port)) {
            return UnusableAddress.OWN_POD;
        }
        EndpointSlice.Target target = endpoint.target();
        EndpointSlice.Target pod = target != null && "Pod".equals(target.kind()) ? target : null;
        String uid = pod == null ? null : pod.uid();
        EndpointKey key = new EndpointKey(uid == null || uid.isEmpty() ? address.getHostAddress() : uid, port);
        boolean ready = !Boolean.FALSE.equals(endpoint.ready());
        boolean serving = endpoint.serving() == null ? ready : endpoint.serving();
        boolean terminating = Boolean.TRUE.equals(endpoint.terminating());
        Endpoint made = new Endpoint(
                key,
                new InetSocketAddress(address, port),
                pod == null ? null : pod.name(),
                ready,
                serving,
                terminating);
        found.merge(key, made, SliceMerge::either);
        return null;
    }

    private static @Nullable Integer port(EndpointSlice slice, String portName) {
        for (EndpointSlice.Port port : slice.ports()) {
            String name = port.name() == null ? "" : port.name();
            boolean tcp = port.protocol() == null || port.protocol().equals("TCP");
            if (tcp && name.equals(portName)) {
                // Null is every port of the endpoint, which is none to connect to.
                return port.port() == null || port.port() < 1 || port.port() > MAX_PORT || isOurs(slice, port.port())
                        ? null
                        : port.port();
            }
        }
        return null;
    }

    /**
     * Otherwise a tenant that writes a slice or names a port could make proxies serve the details that are for their
     * own machine.
     */
    private static boolean isOurs(EndpointSlice slice, int port) {
        boolean reserved = ProxyPorts.isReserved(port);
        if (reserved) {
            log.debug("{} has port {}, which is the proxies' own: its endpoints are left out", slice.name(), port);
        }
        return reserved;
    }
}
