// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.dev;

import io.fabric8.kubernetes.api.model.LoadBalancerIngress;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeAddress;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Addresses of routes for clients outside the cluster: the load balancers of their proxies or, on a cluster without load
 * balancers, the node port of the proxies' Service.
 */
public final class RouteAddresses {

    private static final Logger LOG = LoggerFactory.getLogger(RouteAddresses.class);
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final Duration FOR_A_LOAD_BALANCER = Duration.ofSeconds(20);
    private static final int PROBE_MILLIS = 2_000;

    /** A request that the proxy itself refuses (RFC 9112 section 3.2), without asking a backend. */
    private static final byte[] WITHOUT_HOST = "GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private final KubernetesClient client;
    private final Duration forLoadBalancer;
    private volatile boolean withoutLoadBalancers;

    /** @param forLoadBalancer how long a route waits for its load balancer before nodes are tried */
    RouteAddresses(KubernetesClient client, Duration forLoadBalancer) {
        this.client = client;
        this.forLoadBalancer = forLoadBalancer;
    }

    /** For a cluster that may have no load balancers. */
    static RouteAddresses of(KubernetesClient client) {
        return new RouteAddresses(client, FOR_A_LOAD_BALANCER);
    }

    /** For a cluster with our own load balancers: node ports are not tried. */
    static RouteAddresses atLoadBalancers(KubernetesClient client) {
        return new RouteAddresses(client, PATIENCE.multipliedBy(2));
    }

    /**
     * The first listener of a route's proxies. Returns once a proxy has responded there, since an address in the status may not
     * be reachable yet.
     *
     * @return {@code ws://host:port/}
     * @throws IllegalStateException if none responds within a minute
     */
    public URI await(String namespace, String route) throws InterruptedException {
        long start = System.nanoTime();
        AtomicReference<URI> found = new AtomicReference<>();
        Waiting.until("an answer of the proxies of " + namespace + "/" + route, PATIENCE, () -> {
            Service service = client.services()
                    .inNamespace(namespace)
                    .withName(route + "-proxy")
                    .get();
            if (service != null) {
                answering(service, Duration.ofNanos(System.nanoTime() - start)).ifPresent(found::set);
            }
            return found.get() != null;
        });
        return Objects.requireNonNull(found.get());
    }

    private Optional<URI> answering(Service service, Duration waited) {
        Optional<URI> balanced =
                atLoadBalancer(service).filter(RouteAddresses::answers).findFirst();
        boolean patient = !withoutLoadBalancers && waited.compareTo(forLoadBalancer) < 0;
        if (balanced.isPresent() || patient) {
            return balanced;
        }
        Optional<URI> atNode = atNodes(service).filter(RouteAddresses::answers).findFirst();
        if (atNode.isPresent() && !withoutLoadBalancers) {
            withoutLoadBalancers = true;
            LOG.info(
                    "The cluster has no load balancers: routes are reached at the ports of nodes, such as {}",
                    atNode.get());
        }
        return atNode;
    }

    private static Stream<URI> atLoadBalancer(Service service) {
        if (service.getStatus() == null || service.getStatus().getLoadBalancer() == null) {
            return Stream.empty();
        }
        List<LoadBalancerIngress> ingress =
                service.getStatus().getLoadBalancer().getIngress();
        return Objects.requireNonNullElse(ingress, List.<LoadBalancerIngress>of()).stream()
                .map(entry -> uri(
                        entry.getIp() == null ? entry.getHostname() : entry.getIp(),
                        entry.getPorts() == null || entry.getPorts().isEmpty()
                                ? firstPort(service).getPort()
                                : entry.getPorts().get(0).getPort()));
    }

    private Stream<URI> atNodes(Service service) {
        Integer port = firstPort(service).getNodePort();
        return port == null || port == 0
                ? Stream.empty()
                : client.nodes().list().getItems().stream()
                        .map(Node::getStatus)
                        .flatMap(status -> status.getAddresses().stream())
                        .filter(address -> address.getType().endsWith("IP"))
                        .map(NodeAddress::getAddress)
                        .map(address -> uri(address, port));
    }

    private static ServicePort firstPort(Service service) {
        return service.getSpec().getPorts().get(0);
    }

    private static URI uri(String host, int port) {
        return URI.create("ws://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + port + "/");
    }

    /** Waits for the end of the response, so that the proxy no longer counts this client. */
    private static boolean answers(URI uri) {
        String host = uri.getHost().replaceAll("[\\[\\]]", "");
        try (Socket socket = new Socket()) {
            socket.setSoTimeout(PROBE_MILLIS);
            socket.connect(new InetSocketAddress(host, uri.getPort()), PROBE_MILLIS);
            socket.getOutputStream().write(WITHOUT_HOST);
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            return answer.startsWith("HTTP/1.1 ");
        } catch (IOException e) {
            return false;
        }
    }
}
