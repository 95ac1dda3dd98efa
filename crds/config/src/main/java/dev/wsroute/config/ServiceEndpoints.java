// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.config;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The endpoints of one port of a Service, merged from all its slices by the rules of
 * https://kubernetes.io/docs/concepts/services-networking/endpoint-slices/: an endpoint may be in several slices while they are
 * rearranged, and in one slice per address family; a port name may have different numbers in different slices. The proxy uses it
 * for traffic, and the operator for the status, so that both agree.
 *
 * @param used endpoints that proxies connect to
 * @param unused number of other endpoints by reason, without those that are usable in another slice
 */
public record ServiceEndpoints(List<MergedEndpoint> used, Map<UnusableEndpoint, Integer> unused) {

    private static final Comparator<InetAddress> BY_FAMILY = Comparator.<InetAddress>comparingInt(
                    address -> address.getAddress().length)
            .thenComparing(InetAddress::getAddress, Arrays::compareUnsigned);

    public ServiceEndpoints {
        used = List.copyOf(used);
        unused = Map.copyOf(unused);
    }

    /**
     * An endpoint that a proxy can connect to.
     *
     * @param id identity that is stable across changes of the slices: the pod's UID, or the address if there is no pod
     * @param other address of the other family; null if there is none
     * @param podName name of the pod; null if there is none
     * @param zones where it is
     */
    public record MergedEndpoint(
            String id,
            InetAddress address,
            @Nullable InetAddress other,
            int port,
            @Nullable String podName,
            boolean ready,
            boolean serving,
            boolean terminating,
            EndpointZones zones)
            implements EndpointConditions {

        /**
         * Merges two entries of the same endpoint. IPv4 goes before IPv6, and the lower address before the higher, so that the
         * order of slices does not matter. It is unknown which slice is newer, so the more cautious condition counts:
         * terminating, or not ready.
         */
        private MergedEndpoint merge(MergedEndpoint twin) {
            List<InetAddress> addresses = Stream.of(address, other, twin.address, twin.other)
                    .filter(Objects::nonNull)
                    .sorted(BY_FAMILY)
                    .toList();
            InetAddress first = addresses.get(0);
            return new MergedEndpoint(
                    id,
                    first,
                    addresses.stream()
                            .filter(next -> next.getAddress().length != first.getAddress().length)
                            .findFirst()
                            .orElse(null),
                    port,
                    podName == null ? twin.podName : podName,
                    ready && twin.ready,
                    serving && twin.serving,
                    terminating || twin.terminating,
                    zones.merge(twin.zones));
        }
    }

    private record Key(String id, int port) {}

    /** @param portName name of the port in the slices; empty for the only, unnamed port. Slices without it are for other ports */
    public static ServiceEndpoints of(
            Collection<? extends SliceFacts> slices, String portName, UsableEndpoints usable) {
        Map<Key, MergedEndpoint> used = new LinkedHashMap<>();
        Map<String, UnusableEndpoint> faults = new HashMap<>();
        for (SliceFacts slice : slices) {
            SliceFacts.Port port = named(slice, portName);
            if (port != null) {
                for (SliceFacts.SliceEndpoint endpoint : slice.endpoints()) {
                    add(used, faults, slice, port, endpoint, usable);
                }
            }
        }
        used.keySet().forEach(key -> faults.remove(key.id()));
        Map<UnusableEndpoint, Integer> unused = new EnumMap<>(UnusableEndpoint.class);
        faults.values().forEach(fault -> unused.merge(fault, 1, Integer::sum));
        return new ServiceEndpoints(new ArrayList<>(used.values()), unused);
    }

    /** The TCP port of that name, or else another port of that name; null if there is none. */
    private static SliceFacts.@Nullable Port named(SliceFacts slice, String portName) {
        SliceFacts.Port other = null;
        for (SliceFacts.Port port : slice.ports()) {
            if ((port.name() == null ? "" : port.name()).equals(portName)) {
                if (port.protocol() == null || port.protocol().equals("TCP")) {
                    return port;
                }
                other = port;
            }
        }
        return other;
    }

    private static void add(
            Map<Key, MergedEndpoint> used,
            Map<String, UnusableEndpoint> faults,
            SliceFacts slice,
            SliceFacts.Port port,
            SliceFacts.SliceEndpoint endpoint,
            UsableEndpoints usable) {
        UnusableEndpoint fault = UnusableEndpoint.ofPort(port.port(), port.protocol());
        if (fault == null) {
            fault = usable.fault(slice, endpoint);
        }
        InetAddress address = endpoint.address() == null ? null : IpAddresses.parse(endpoint.address());
        Integer number = port.port();
        if (fault == null && address != null && number != null) {
            fault = usable.isProxy(address, number) ? UnusableEndpoint.OWN_POD : null;
        }
        if (fault != null || address == null || number == null) {
            // The first one in sorted order, so that the order of slices does not matter.
            faults.merge(
                    id(endpoint, address),
                    fault == null ? UnusableEndpoint.NONE : fault,
                    (one, other) -> one.compareTo(other) <= 0 ? one : other);
            return;
        }
        MergedEndpoint made = endpoint(endpoint, address, number);
        used.merge(new Key(made.id(), number), made, MergedEndpoint::merge);
    }

    /** Absent conditions have the defaults that Kubernetes defines. */
    private static MergedEndpoint endpoint(SliceFacts.SliceEndpoint endpoint, InetAddress address, int port) {
        SliceFacts.Target pod = pod(endpoint);
        boolean ready = !Boolean.FALSE.equals(endpoint.ready());
        return new MergedEndpoint(
                id(endpoint, address),
                address,
                null,
                port,
                pod == null ? null : pod.name(),
                ready,
                endpoint.serving() == null ? ready : endpoint.serving(),
                Boolean.TRUE.equals(endpoint.terminating()),
                endpoint.zones());
    }

    private static String id(SliceFacts.SliceEndpoint endpoint, @Nullable InetAddress address) {
        SliceFacts.Target pod = pod(endpoint);
        if (pod != null && pod.uid() != null && !pod.uid().isEmpty()) {
            return pod.uid();
        }
        return address == null ? String.valueOf(endpoint.address()) : address.getHostAddress();
    }

    private static SliceFacts.@Nullable Target pod(SliceFacts.SliceEndpoint endpoint) {
        SliceFacts.Target target = endpoint.target();
        return target != null && "Pod".equals(target.kind()) ? target : null;
    }
}
