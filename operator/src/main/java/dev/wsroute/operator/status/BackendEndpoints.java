// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.status;

import dev.wsroute.config.EndpointConditions;
import dev.wsroute.config.ServiceEndpoints;
import dev.wsroute.config.ServiceEndpoints.MergedEndpoint;
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
 * The endpoints of a backend, counted by the rules that the proxies use, once per pod.
 *
 * @param readyIds identities of the ready endpoints that are not terminating
 * @param terminating number of endpoints whose pods are being deleted
 * @param served whether new connections are accepted; if all endpoints are terminating, by those still serving
 * @param unused number of endpoints that proxies do not connect to, by reason
 */
record BackendEndpoints(Set<String> readyIds, int terminating, boolean served, Map<UnusableEndpoint, Integer> unused) {

    BackendEndpoints {
        readyIds = Set.copyOf(readyIds);
        unused = Map.copyOf(unused);
    }

    /** @param portName of the port in the slices; slices without it are for other ports */
    static BackendEndpoints count(List<EndpointSlice> slices, String portName, UsableEndpoints usable) {
        ServiceEndpoints found = ServiceEndpoints.of(ReadSlice.of(slices), portName, usable);
        return new BackendEndpoints(
                ids(found, endpoint -> endpoint.ready() && !endpoint.terminating()),
                ids(found, MergedEndpoint::terminating).size(),
                !EndpointConditions.takingConnections(found.used()).isEmpty(),
                found.unused());
    }

    private static Set<String> ids(ServiceEndpoints found, Predicate<MergedEndpoint> which) {
        return found.used().stream().filter(which).map(MergedEndpoint::id).collect(Collectors.toSet());
    }

    /** How many are ready and not terminating. */
    int ready() {
        return readyIds.size();
    }

    /** For example {@code loopback addresses (2), host names (1)}; empty if all are used. */
    String unusedInWords() {
        return new TreeMap<>(unused)
                .entrySet().stream()
                        .map(entry -> entry.getKey().plural() + " (" + entry.getValue() + ")")
                        .collect(Collectors.joining(", "));
    }
}
