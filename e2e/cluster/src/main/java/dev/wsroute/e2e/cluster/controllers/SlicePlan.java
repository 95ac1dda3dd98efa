// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.cluster.controllers;

import io.fabric8.kubernetes.api.model.discovery.v1.Endpoint;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointPort;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * The changes to the slices of a Service. Pure. Endpoints stay in their slice and at their index, so that a change of one
 * pod writes one slice.
 *
 * @param create endpoints of new slices
 * @param update slices to keep, with their new endpoints (equal to the old ones if nothing has changed)
 * @param delete slices to delete
 */
record SlicePlan(List<Content> create, Map<EndpointSlice, List<Endpoint>> update, List<EndpointSlice> delete) {

    /** Ports and endpoints of one slice. */
    record Content(List<EndpointPort> ports, List<Endpoint> endpoints) {}

    static final int MAX_ENDPOINTS = 100;

    /** @param wanted all endpoints by ports; a Service without any keeps one empty slice */
    static SlicePlan of(List<EndpointSlice> present, Map<List<EndpointPort>, List<Endpoint>> wanted) {
        SlicePlan plan = new SlicePlan(new ArrayList<>(), new LinkedHashMap<>(), new ArrayList<>());
        Map<List<EndpointPort>, List<Endpoint>> groups = wanted.isEmpty() ? Map.of(List.of(), List.of()) : wanted;
        List<EndpointSlice> left = new ArrayList<>(present);
        groups.forEach((ports, endpoints) -> {
            List<EndpointSlice> same =
                    left.stream().filter(slice -> ports.equals(portsOf(slice))).toList();
            left.removeAll(same);
            plan.place(ports, endpoints, same);
        });
        plan.delete.addAll(left);
        return plan;
    }

    private void place(List<EndpointPort> ports, List<Endpoint> endpoints, List<EndpointSlice> slices) {
        Map<String, Endpoint> homeless = new LinkedHashMap<>();
        endpoints.forEach(endpoint -> homeless.put(uid(endpoint), endpoint));
        Map<EndpointSlice, List<Endpoint>> kept = new LinkedHashMap<>();
        for (EndpointSlice slice : slices) {
            List<Endpoint> stay = new ArrayList<>();
            endpointsOf(slice)
                    .forEach(endpoint ->
                            Optional.ofNullable(homeless.remove(uid(endpoint))).ifPresent(stay::add));
            kept.put(slice, stay);
        }
        List<Endpoint> rest = new ArrayList<>(homeless.values());
        kept.forEach((slice, stay) -> {
            List<Endpoint> moved = rest.subList(0, Math.min(rest.size(), MAX_ENDPOINTS - stay.size()));
            stay.addAll(moved);
            moved.clear();
        });
        for (int from = 0; from < rest.size(); from += MAX_ENDPOINTS) {
            create.add(new Content(ports, rest.subList(from, Math.min(rest.size(), from + MAX_ENDPOINTS))));
        }
        if (slices.isEmpty() && endpoints.isEmpty()) {
            create.add(new Content(ports, List.of()));
        }
        boolean keepEmpty = endpoints.isEmpty();
        for (Map.Entry<EndpointSlice, List<Endpoint>> entry : kept.entrySet()) {
            if (entry.getValue().isEmpty() && !keepEmpty) {
                delete.add(entry.getKey());
            } else {
                update.put(entry.getKey(), entry.getValue());
                keepEmpty = keepEmpty && !entry.getValue().isEmpty();
            }
        }
    }

    /** An API server may return null for an empty list. */
    static List<EndpointPort> portsOf(EndpointSlice slice) {
        return Objects.requireNonNullElse(slice.getPorts(), List.of());
    }

    static List<Endpoint> endpointsOf(EndpointSlice slice) {
        return Objects.requireNonNullElse(slice.getEndpoints(), List.of());
    }

    private static String uid(Endpoint endpoint) {
        return endpoint.getTargetRef() == null ? "" : endpoint.getTargetRef().getUid();
    }
}
