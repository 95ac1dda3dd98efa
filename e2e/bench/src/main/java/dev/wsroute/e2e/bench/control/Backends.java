// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.bench.control;

import dev.wsroute.e2e.echo.EchoServer;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.Endpoint;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSliceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A Service without pods and without a selector, so that no one else writes its only EndpointSlice, and listeners behind its
 * endpoints. Each change replaces all endpoints by those of new pods, one by two and two by one in turn, so that nothing
 * known about earlier endpoints helps and every count of endpoints changes.
 */
final class Backends implements AutoCloseable {

    static final String SERVICE = "bench-backend";
    static final String PORT_NAME = "ws";

    private static final String SLICE = "bench-backend-1";
    private static final int LISTENERS = 16;
    private static final int ADDRESS_BLOCK = 200;

    private final KubernetesClient client;
    private final String namespace;
    private final String addresses;
    private final List<EchoServer> listeners = new ArrayList<>();
    private final int port;
    private int changes;
    private int next;

    /** Starts the listeners without writing to the API. */
    Backends(KubernetesClient client, String namespace) {
        this.client = client;
        this.namespace = namespace;
        this.addresses = "127.30." + (ProcessHandle.current().pid() % ADDRESS_BLOCK) + ".";
        int chosen = 0;
        for (int i = 0; i < LISTENERS; i++) {
            EchoServer listener = new EchoServer(address(i), chosen, name(i));
            chosen = listener.port();
            listeners.add(listener);
        }
        this.port = chosen;
    }

    private String address(int listener) {
        return addresses + (listener + 1);
    }

    private static String name(int listener) {
        return "listener-" + listener;
    }

    /** Creates the Service and its slice with the first endpoints. */
    void create() {
        client.resource(new ServiceBuilder()
                        .withNewMetadata()
                        .withNamespace(namespace)
                        .withName(SERVICE)
                        .endMetadata()
                        .withNewSpec()
                        .addNewPort()
                        .withName(PORT_NAME)
                        .withPort(port)
                        .endPort()
                        .endSpec()
                        .build())
                .create();
        client.resource(slice(endpoints(nextListeners()))).create();
    }

    private EndpointSlice slice(List<Endpoint> endpoints) {
        return new EndpointSliceBuilder()
                .withNewMetadata()
                .withNamespace(namespace)
                .withName(SLICE)
                .addToLabels("kubernetes.io/service-name", SERVICE)
                .endMetadata()
                .withAddressType("IPv4")
                .addNewPort()
                .withName(PORT_NAME)
                .withPort(port)
                .endPort()
                .withEndpoints(endpoints)
                .build();
    }

    /**
     * Replaces all endpoints with one request.
     *
     * @return the names of the current listeners, once the API has responded
     */
    Set<String> replaceEndpoints() {
        List<Integer> chosen = nextListeners();
        Set<String> names = new LinkedHashSet<>();
        chosen.forEach(listener -> names.add(name(listener)));
        client.resource(slice(List.of()))
                .patch(
                        PatchContext.of(PatchType.JSON_MERGE),
                        Serialization.asJson(Map.of("endpoints", endpoints(chosen))));
        return names;
    }

    private List<Integer> nextListeners() {
        changes++;
        List<Integer> chosen = new ArrayList<>();
        for (int i = 0; i <= changes % 2; i++) {
            chosen.add(next);
            next = (next + 1) % LISTENERS;
        }
        return chosen;
    }

    private List<Endpoint> endpoints(List<Integer> chosen) {
        List<Endpoint> endpoints = new ArrayList<>();
        for (int listener : chosen) {
            endpoints.add(new EndpointBuilder()
                    .withAddresses(address(listener))
                    .withNewConditions()
                    .withReady(true)
                    .withServing(true)
                    .withTerminating(false)
                    .endConditions()
                    .withNewTargetRef()
                    .withKind("Pod")
                    .withNamespace(namespace)
                    .withName("bench-" + changes + "-" + listener)
                    .withUid("bench-" + changes + "-" + listener)
                    .endTargetRef()
                    .build());
        }
        return endpoints;
    }

    @Override
    public void close() {
        listeners.forEach(EchoServer::close);
    }
}
