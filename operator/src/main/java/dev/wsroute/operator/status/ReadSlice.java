// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.status;

import dev.wsroute.config.SliceFacts;
import io.fabric8.kubernetes.api.model.ObjectReference;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointConditions;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The facts of an EndpointSlice that the operator's client has read. */
record ReadSlice(@Nullable String addressType, List<Port> ports, List<SliceEndpoint> endpoints) implements SliceFacts {

    static ReadSlice of(EndpointSlice slice) {
        return new ReadSlice(
                slice.getAddressType(),
                list(slice.getPorts()).stream()
                        .map(port -> new Port(port.getName(), port.getPort(), port.getProtocol()))
                        .toList(),
                list(slice.getEndpoints()).stream().map(ReadSlice::endpoint).toList());
    }

    static List<ReadSlice> of(List<EndpointSlice> slices) {
        return slices.stream().map(ReadSlice::of).toList();
    }

    private static SliceEndpoint endpoint(io.fabric8.kubernetes.api.model.discovery.v1.Endpoint endpoint) {
        List<String> addresses = list(endpoint.getAddresses());
        EndpointConditions conditions = endpoint.getConditions();
        ObjectReference target = endpoint.getTargetRef();
        return new SliceEndpoint(
                addresses.isEmpty() ? null : addresses.get(0),
                conditions == null ? null : conditions.getReady(),
                conditions == null ? null : conditions.getServing(),
                conditions == null ? null : conditions.getTerminating(),
                target == null ? null : new Target(target.getKind(), target.getName(), target.getUid()));
    }

    /** For a Service without pods the API sends null instead of empty lists. */
    private static <T> List<T> list(@Nullable List<T> list) {
        return list == null ? List.of() : list;
    }
}
