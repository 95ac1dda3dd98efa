package dev.wsroute.operator.status;

import dev.wsroute.config.ProxyPorts;
import dev.wsroute.config.UnusableAddress;
import io.fabric8.kubernetes.api.model.discovery.v1.Endpoint;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointPort;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The endpoints of a backend, counted as the proxies count them: merged over slices, once for each pod.
 *
 * @param ready those that take new connections
 * @param terminating those whose pods are being deleted
 * @param unused those that proxies do not connect to, by what is wrong with them
 */
record Endpoints(int ready, int terminating, Map<UnusableAddress, Integer> unused) {

    private static final int MAX_PORT = 65535;

    Endpoints {
        unused = Map.copyOf(unused);
    }

    private enum State {
        Ready,
        NotReady,
        Terminating
    }

    /**
     * @param portName of the port in the slices; slices without it belong to other ports
     * @param proxies names of the route's own proxies
     * @param loopback whether proxies connect to loopback addresses
     */
    static Endpoints count(List<EndpointSlice> slices, String portName, Set<String> proxies, boolean loopback) {
        Map<String, State> states = new HashMap<>();
        Map<String, UnusableAddress> faults = new HashMap<>();
        for (EndpointSlice slice : slices) {
            if (hasPort(slice, portName)) {
                endpoints(slice).forEach(endpoint -> {
                    UnusableAddress fault = fault(slice, endpoint, proxies, loopback);
                    if (fault == null) {
                        states.merge(key(endpoint), state(endpoint), Endpoints::best);
                    } else {
                        faults.putIfAbsent(key(endpoint), fault);
                    }
                });
            }
        }
        faults.keySet().removeAll(states.keySet());
        Map<UnusableAddress, Integer> unused = new EnumMap<>(UnusableAddress.class);
        faults.values().forEach(fault -> unused.merge(fault, 1, Integer::sum));
        return new Endpoints(count(states, State.Ready), count(states, State.Terminating), unused);
    }

    private static @Nullable UnusableAddress fault(
            EndpointSlice slice, Endpoint endpoint, Set<String> proxies, boolean loopback) {
        if (endpoint.getTargetRef() != null
                && proxies.contains(endpoint.getTargetRef().getName())) {
            return UnusableAddress.OWN_POD;
        }
        List<String> addresses = list(endpoint.getAddresses());
        return UnusableAddress.of(slice.getAddressType(), addresses.isEmpty() ? null : addresses.get(0), loopback);
    }

    /** Such as {@code loopback addresses (2), host names (1)}; empty when all are used. */
    String unusedInWords() {
        return new TreeMap<>(unused)
                .entrySet().stream()
                        .map(entry -> entry.getKey().plural() + " (" + entry.getValue() + ")")
                        .collect(Collectors.joining(", "));
    }

    /** Names of the pods behind ready endpoints. */
    static Set<String> readyPods(List<EndpointSlice> slices) {
        return pods(slices, State.Ready);
    }

    /** Those of them that are ready at the port called {@code portName}: a pod that lacks it is not in its slices. */
    static Set<String> readyPods(List<EndpointSlice> slices, String portName) {
        return readyPods(
                slices.stream().filter(slice -> hasPort(slice, portName)).toList());
    }

    /** Names of all pods that the slices hold. */
    static Set<String> allPods(List<EndpointSlice> slices) {
        return slices.stream()
                .flatMap(Endpoints::endpoints)
                .filter(endpoint -> endpoint.getTargetRef() != null)
                .map(endpoint -> endpoint.getTargetRef().getName())
                .collect(Collectors.toSet());
    }

    private static Set<String> pods(List<EndpointSlice> slices, State state) {
        return slices.stream()
                .flatMap(Endpoints::endpoints)
                .filter(endpoint -> endpoint.getTargetRef() != null && state(endpoint) == state)
                .map(endpoint -> endpoint.getTargetRef().getName())
                .collect(Collectors.toSet());
    }

    private static int count(Map<String, State> states, State state) {
        return (int) states.values().stream().filter(state::equals).count();
    }

    private static boolean hasPort(EndpointSlice slice, String portName) {
        return list(slice.getPorts()).stream()
                .anyMatch(port -> portName.equals(Objects.requireNonNullElse(port.getName(), "")) && isUsable(port));
    }

    /** Without a number the port means all ports, so there is none to connect to. */
    private static boolean isUsable(EndpointPort port) {
        return (port.getProtocol() == null || port.getProtocol().equals("TCP"))
                && port.getPort() != null
                && port.getPort() >= 1
                && port.getPort() <= MAX_PORT
                && !ProxyPorts.isReserved(port.getPort());
    }

    private static Stream<Endpoint> endpoints(EndpointSlice slice) {
        return list(slice.getEndpoints()).stream();
    }

    /** The API sends null for the lists of a Service without pods. */
    private static <T> List<T> list(@Nullable List<T> list) {
        return list == null ? List.of() : list;
    }

    /** An absent condition counts as ready, as Kubernetes asks consumers to read it. */
    private static State state(Endpoint endpoint) {
        var conditions = endpoint.getConditions();
        if (conditions != null && Boolean.TRUE.equals(conditions.getTerminating())) {
            return State.Terminating;
        }
        return conditions == null || !Boolean.FALSE.equals(conditions.getReady()) ? State.Ready : State.NotReady;
    }

    private static State best(State one, State other) {
        return one.compareTo(other) <= 0 ? one : other;
    }

    private static String key(Endpoint endpoint) {
        if (endpoint.getTargetRef() != null && endpoint.getTargetRef().getUid() != null) {
            return endpoint.getTargetRef().getUid();
        }
        return String.join(",", endpoint.getAddresses());
    }
}
