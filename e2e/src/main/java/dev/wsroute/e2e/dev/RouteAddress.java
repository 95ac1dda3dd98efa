package dev.wsroute.e2e.dev;

import io.fabric8.kubernetes.api.model.LoadBalancerIngress;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.net.URI;
import java.util.List;
import java.util.Optional;

/** Where clients outside of the cluster reach a route's proxy. */
public final class RouteAddress {

    private RouteAddress() {}

    /**
     * The first port of the proxy's Service at its load balancer.
     *
     * @return {@code ws://host:port/}; empty while the load balancer has no address, or there is none
     */
    public static Optional<URI> of(KubernetesClient client, String namespace, String route) {
        Service service = client.services()
                .inNamespace(namespace)
                .withName(route + "-proxy")
                .get();
        if (service == null
                || service.getStatus() == null
                || service.getStatus().getLoadBalancer() == null) {
            return Optional.empty();
        }
        List<LoadBalancerIngress> ingress =
                service.getStatus().getLoadBalancer().getIngress();
        return ingress == null || ingress.isEmpty() ? Optional.empty() : Optional.of(uri(ingress.get(0), service));
    }

    private static URI uri(LoadBalancerIngress ingress, Service service) {
        String host = ingress.getIp() == null ? ingress.getHostname() : ingress.getIp();
        int port = ingress.getPorts() == null || ingress.getPorts().isEmpty()
                ? service.getSpec().getPorts().get(0).getPort()
                : ingress.getPorts().get(0).getPort();
        return URI.create("ws://" + host + ":" + port + "/");
    }
}
