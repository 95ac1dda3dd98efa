package dev.wsroute.operator.status;

import dev.wsroute.config.EndpointConditions;
import dev.wsroute.config.ServiceEndpoints;
import dev.wsroute.config.ServiceEndpoints.Endpoint;
import dev.wsroute.config.UnusableEndpoint;
import dev.wsroute.config.UsableEndpoints;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * The endpoints of a backend, counted by the rules that proxies send traffic by, once for each pod.
 *
 * @param readyIds identities of those that are ready and stay
 * @param terminating those whose pods are being deleted
 * @param served whether new connections are taken: where all endpoints are terminating, by those that still serve
 * @param unused those that proxies do not connect to, by what is wrong with them
 */
record Endpoints(Set<String> readyIds, int terminating, boolean served, Map<UnusableEndpoint, Integer> unused) {

    Endpoints {
        readyIds = Set.copyOf(readyIds);
        unused = Map.copyOf(unused);
    }

    /** @param portName of the port in the slices; slices without it belong to other ports */
    static Endpoints count(List<EndpointSlice> slices, String portName, UsableEndpoints usable) {
        ServiceEndpoints found = ServiceEndpoints.of(ReadSlice.of(slices), portName, usable);
        return new Endpoints(
                ids(found, endpoint -> endpoint.ready() && !endpoint.terminating()),
                ids(found, Endpoint::terminating).size(),
                !EndpointConditions.takingConnections(found.used()).isEmpty(),
                found.unused());
    }

    private static Set<String> ids(ServiceEndpoints found, Predicate<Endpoint> which) {
        return found.used().stream().filter(which).map(Endpoint::id).collect(Collectors.toSet());
    }

    /** How many are ready and stay. */
    int ready() {
        return readyIds.size();
    }

    /** Such as {@code loopback addresses (2), host names (1)}; empty when all are used. */
    String unusedInWords() {
        return new TreeMap<>(unused)
                .entrySet().stream()
                        .map(entry -> entry.getKey().plural() + " (" + entry.getValue() + ")")
                        .collect(Collectors.joining(", "));
    }
}
