package dev.wsroute.operator.status;

import dev.wsroute.config.ProxyPorts;
import io.fabric8.kubernetes.api.model.discovery.v1.Endpoint;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The endpoints of a backend, counted as the proxies count them: merged over slices, once for each pod.
 *
 * @param ready those that take new connections
 * @param terminating those whose pods are being deleted
 */
record Endpoints(int ready, int terminating) {

    private enum State {
        Ready,
        NotReady,
        Terminating
    }

    /**
     * @param portName of the port in the slices; slices without it belong to other ports
     */
    static Endpoints count(List<EndpointSlice> slices, String portName) {
        Map<String, State> states = new HashMap<>();
        for (EndpointSlice slice : slices) {
            if (hasPort(slice, portName)) {
                endpoints(slice).forEach(endpoint -> states.merge(key(endpoint), state(endpoint), Endpoints::best));
            }
        }
        return new Endpoints(count(states, State.Ready), count(states, State.Terminating));
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
                .anyMatch(port -> portName.equals(Objects.requireNonNullElse(port.getName(), ""))
                        && (port.getPort() == null || !ProxyPorts.isReserved(port.getPort())));
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
