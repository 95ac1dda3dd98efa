// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.bench.control;

import dev.wsroute.api.v1alpha1.WebSocketRoute;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSliceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Many routes in many namespaces, each with a backend Service, its endpoints, and the endpoint of its future proxy. The
 * operator creates the rest.
 *
 * @param routes number of routes
 * @param endpointsEach number of endpoints of each backend
 */
record RouteStock(int routes, int endpointsEach) {

    static final String LISTENER = "ws";

    private static final int ROUTES_A_NAMESPACE = 100;
    private static final int WRITERS = 4;
    private static final int PORT = 8080;

    /** Creates everything. */
    void create(KubernetesClient client) throws InterruptedException {
        for (int i = 0; i < routes; i += ROUTES_A_NAMESPACE) {
            client.resource(new NamespaceBuilder()
                            .withNewMetadata()
                            .withName(namespace(i))
                            .endMetadata()
                            .build())
                    .create();
        }
        ExecutorService writers = Executors.newFixedThreadPool(WRITERS);
        try {
            List<Future<?>> written = new ArrayList<>();
            for (int i = 0; i < routes; i++) {
                int route = i;
                written.add(writers.submit(() ->
                        objects(route).forEach(object -> client.resource(object).create())));
            }
            Futures.awaitAll(written);
        } finally {
            writers.shutdownNow();
        }
    }

    private List<HasMetadata> objects(int i) {
        String namespace = namespace(i);
        String backend = "backend-" + i;
        return List.of(
                new ServiceBuilder()
                        .withNewMetadata()
                        .withNamespace(namespace)
                        .withName(backend)
                        .endMetadata()
                        .withNewSpec()
                        .addToSelector("app", backend)
                        .addNewPort()
                        .withName(LISTENER)
                        .withPort(PORT)
                        .endPort()
                        .endSpec()
                        .build(),
                slice(namespace, backend, backend, i, endpointsEach),
                slice(namespace, "route-" + i + "-proxy", proxyPod("route-" + i), i, 1),
                Serialization.unmarshal(
                        """
                        apiVersion: wsroute.dev/v1alpha1
                        kind: WebSocketRoute
                        metadata: {name: route-%d, namespace: %s}
                        spec:
                          hostnames: [route-%d.example.com]
                          rules:
                          - name: main
                            backendRefs:
                            - service: {name: %s, port: %s}
                          proxy:
                            replicas: 1
                            listeners: [{name: %s, port: %d}]
                        """.formatted(i, namespace, i, backend, LISTENER, LISTENER, PORT), WebSocketRoute.class));
    }

    private static EndpointSlice slice(String namespace, String service, String pods, int route, int endpoints) {
        EndpointSliceBuilder slice = new EndpointSliceBuilder()
                .withNewMetadata()
                .withNamespace(namespace)
                .withName(service + "-1")
                .addToLabels("kubernetes.io/service-name", service)
                .addToLabels("endpointslice.kubernetes.io/managed-by", "endpointslice-controller.k8s.io")
                .endMetadata()
                .withAddressType("IPv4")
                .addNewPort()
                .withName(LISTENER)
                .withPort(PORT)
                .withProtocol("TCP")
                .endPort();
        for (int i = 0; i < endpoints; i++) {
            slice.addNewEndpoint()
                    .withAddresses("10." + route / 256 + "." + route % 256 + "." + (i + 1))
                    .withNewConditions()
                    .withReady(true)
                    .withServing(true)
                    .withTerminating(false)
                    .endConditions()
                    .withNodeName("node-" + route % 50)
                    .withZone("zone-" + i % 3)
                    .withNewTargetRef()
                    .withKind("Pod")
                    .withNamespace(namespace)
                    .withName(endpoints == 1 ? pods : pods + "-" + i)
                    .withUid(UUID.randomUUID().toString())
                    .endTargetRef()
                    .endEndpoint();
        }
        return slice.build();
    }

    private static String namespace(int route) {
        return "stock-" + route / ROUTES_A_NAMESPACE;
    }

    /** The pod named by the only endpoint of the route's proxies. */
    static String proxyPod(String route) {
        return route + "-proxy-0";
    }
}
