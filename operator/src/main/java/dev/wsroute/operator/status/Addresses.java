// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.status;

import dev.wsroute.api.v1alpha1.WebSocketRouteStatus.Address;
import io.fabric8.kubernetes.api.model.LoadBalancerIngress;
import io.fabric8.kubernetes.api.model.Service;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The addresses of a route: those of the load balancer if there is one, otherwise the cluster-internal Service name. */
final class Addresses {

    private Addresses() {}

    static List<Address> of(@Nullable Service service) {
        if (service == null) {
            return List.of();
        }
        List<Address> outside = ingress(service).flatMap(Addresses::of).toList();
        return outside.isEmpty()
                ? List.of(new Address(
                        Address.Type.Hostname,
                        service.getMetadata().getName() + "."
                                + service.getMetadata().getNamespace() + ".svc"))
                : outside;
    }

    private static Stream<LoadBalancerIngress> ingress(Service service) {
        return service.getStatus() == null || service.getStatus().getLoadBalancer() == null
                ? Stream.of()
                : service.getStatus().getLoadBalancer().getIngress().stream();
    }

    private static Stream<Address> of(LoadBalancerIngress ingress) {
        return Stream.concat(
                Optional.ofNullable(ingress.getHostname())
                        .map(name -> new Address(Address.Type.Hostname, name))
                        .stream(),
                Optional.ofNullable(ingress.getIp()).map(ip -> new Address(Address.Type.IPAddress, ip)).stream());
    }
}
