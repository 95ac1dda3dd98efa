// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.cluster.node;

import dev.wsroute.e2e.cluster.work.NamespacedName;
import dev.wsroute.e2e.cluster.work.ObjectView;
import dev.wsroute.e2e.cluster.work.WorkQueue;
import io.fabric8.kubernetes.api.model.LoadBalancerIngress;
import io.fabric8.kubernetes.api.model.LoadBalancerIngressBuilder;
import io.fabric8.kubernetes.api.model.PortStatus;
import io.fabric8.kubernetes.api.model.PortStatusBuilder;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.netty.channel.EventLoopGroup;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Forwards the TCP ports of Services of type LoadBalancer on an address of this machine, and writes the ports to their
 * status.
 */
final class LoadBalancers implements AutoCloseable {

    private static final PatchContext MERGE = PatchContext.of(PatchType.JSON_MERGE);

    private final KubernetesClient client;
    private final EventLoopGroup group;
    private final String address;
    private final ObjectView<Service> services;
    private final ObjectView<EndpointSlice> slices;
    private final WorkQueue<NamespacedName> queue = new WorkQueue<>("node-loadbalancers", this::reconcile);
    /** By Service and its port number. Confined to the queue's thread until it is closed. */
    private final Map<NamespacedName, Map<Integer, PortForwarder>> forwarders = new HashMap<>();

    LoadBalancers(KubernetesClient client, EventLoopGroup group, String address) {
        this.client = client;
        this.group = group;
        this.address = address;
        this.services = new ObjectView<>(client.services().inAnyNamespace().runnableInformer(0));
        this.slices = new ObjectView<>(
                client.discovery().v1().endpointSlices().inAnyNamespace().runnableInformer(0));
        services.listen(service -> queue.add(NamespacedName.of(service)));
        slices.listen(slice -> ForwardingTargets.serviceOf(slice).ifPresent(queue::add));
    }

    CompletableFuture<Void> start() {
        return CompletableFuture.allOf(
                services.start().toCompletableFuture(), slices.start().toCompletableFuture());
    }

    private void reconcile(NamespacedName key) {
        Optional<Service> service = services.get(key)
                .filter(found -> services.holds(found)
                        && "LoadBalancer".equals(found.getSpec().getType()));
        if (service.isEmpty()) {
            Optional.ofNullable(forwarders.remove(key))
                    .ifPresent(gone -> gone.values().forEach(PortForwarder::close));
            return;
        }
        Map<Integer, PortForwarder> own = forwarders.computeIfAbsent(key, added -> new HashMap<>());
        List<ServicePort> ports = service.get().getSpec().getPorts().stream()
                .filter(port -> !"UDP".equals(port.getProtocol()) && !"SCTP".equals(port.getProtocol()))
                .toList();
        own.entrySet().removeIf(entry -> {
            boolean unused = ports.stream().noneMatch(port -> port.getPort().equals(entry.getKey()));
            if (unused) {
                entry.getValue().close();
            }
            return unused;
        });
        List<EndpointSlice> ofService = slices.list(key.namespace())
                .filter(slice -> ForwardingTargets.serviceOf(slice).equals(Optional.of(key)))
                .toList();
        for (int i = 0; i < ports.size(); i++) {
            ServicePort port = ports.get(i);
            int wanted = formerPort(service.get(), i).orElse(port.getPort());
            own.computeIfAbsent(port.getPort(), number -> new PortForwarder(group, address, wanted))
                    .setTargets(ForwardingTargets.forNewConnections(
                            ofService, Objects.requireNonNullElse(port.getName(), "")));
        }
        writeStatus(service.get(), ports, own);
    }

    /** The port that the status already names, so that a restarted node uses the same one. */
    private Optional<Integer> formerPort(Service service, int index) {
        return ingress(service).stream()
                .filter(ingress ->
                        address.equals(ingress.getIp()) && ingress.getPorts().size() > index)
                .map(ingress -> ingress.getPorts().get(index).getPort())
                .findFirst();
    }

    private static List<LoadBalancerIngress> ingress(Service service) {
        return service.getStatus() == null || service.getStatus().getLoadBalancer() == null
                ? List.of()
                : service.getStatus().getLoadBalancer().getIngress();
    }

    private void writeStatus(Service service, List<ServicePort> ports, Map<Integer, PortForwarder> own) {
        List<PortStatus> real = new ArrayList<>();
        for (ServicePort port : ports) {
            real.add(new PortStatusBuilder()
                    .withPort(Objects.requireNonNull(own.get(port.getPort())).port())
                    .withProtocol("TCP")
                    .build());
        }
        List<LoadBalancerIngress> present = ingress(service);
        boolean same = present.size() == 1
                && address.equals(present.get(0).getIp())
                && real.equals(present.get(0).getPorts());
        if (!same) {
            LoadBalancerIngress ingress = new LoadBalancerIngressBuilder()
                    .withIp(address)
                    .withPorts(real)
                    .build();
            services.wrote(client.resource(service)
                    .subresource("status")
                    .patch(
                            MERGE,
                            Serialization.asJson(
                                    Map.of("status", Map.of("loadBalancer", Map.of("ingress", List.of(ingress)))))));
        }
    }

    @Override
    public void close() {
        services.close();
        slices.close();
        queue.close();
        forwarders.values().forEach(own -> own.values().forEach(PortForwarder::close));
    }
}
