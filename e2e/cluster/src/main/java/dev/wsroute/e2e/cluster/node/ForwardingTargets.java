// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.cluster.node;

import dev.wsroute.e2e.cluster.work.NamespacedName;
import io.fabric8.kubernetes.api.model.discovery.v1.Endpoint;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointPort;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** Where kube-proxy would send a new connection to a Service. Pure. */
final class ForwardingTargets {

    private static final String SERVICE_NAME = "kubernetes.io/service-name";

    private ForwardingTargets() {}

    static Optional<NamespacedName> serviceOf(EndpointSlice slice) {
        return Optional.ofNullable(slice.getMetadata().getLabels())
                .flatMap(labels -> Optional.ofNullable(labels.get(SERVICE_NAME)))
                .map(name -> new NamespacedName(slice.getMetadata().getNamespace(), name));
    }

    /** The ready endpoints or, if there are none, those that are terminating but still serving. */
    static List<InetSocketAddress> forNewConnections(List<EndpointSlice> slices, String portName) {
        Set<InetSocketAddress> ready = new LinkedHashSet<>();
        Set<InetSocketAddress> leaving = new LinkedHashSet<>();
        for (EndpointSlice slice : slices) {
            for (EndpointPort port : Objects.requireNonNullElse(slice.getPorts(), List.<EndpointPort>of())) {
                if (portName.equals(Objects.requireNonNullElse(port.getName(), "")) && port.getPort() != null) {
                    for (Endpoint endpoint : Objects.requireNonNullElse(slice.getEndpoints(), List.<Endpoint>of())) {
                        InetSocketAddress address =
                                new InetSocketAddress(endpoint.getAddresses().get(0), port.getPort());
                        if (isReady(endpoint)) {
                            ready.add(address);
                        } else if (isServing(endpoint) && isTerminating(endpoint)) {
                            leaving.add(address);
                        }
                    }
                }
            }
        }
        return new ArrayList<>(ready.isEmpty() ? leaving : ready);
    }

    private static boolean isReady(Endpoint endpoint) {
        return endpoint.getConditions() == null
                || !Boolean.FALSE.equals(endpoint.getConditions().getReady());
    }

    private static boolean isServing(Endpoint endpoint) {
        return endpoint.getConditions() != null
                && Boolean.TRUE.equals(endpoint.getConditions().getServing());
    }

    private static boolean isTerminating(Endpoint endpoint) {
        return endpoint.getConditions() != null
                && Boolean.TRUE.equals(endpoint.getConditions().getTerminating());
    }
}
