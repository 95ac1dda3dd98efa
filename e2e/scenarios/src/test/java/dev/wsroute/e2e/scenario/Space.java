// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.scenario;

import dev.wsroute.e2e.client.Fleet;
import dev.wsroute.e2e.dev.Manifests;
import dev.wsroute.e2e.dev.RouteAddresses;
import dev.wsroute.e2e.written.WrittenObjects;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.net.URI;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.UUID;

/** The namespace of one test, deleted with its content after the test. */
final class Space implements AutoCloseable {

    private final SuiteCluster cluster;
    private final String namespace;
    private final Deque<Runnable> opened = new ArrayDeque<>();

    private Space(SuiteCluster cluster, String namespace) {
        this.cluster = cluster;
        this.namespace = namespace;
    }

    static Space create(SuiteCluster cluster) {
        return create(cluster, "scenario-" + UUID.randomUUID().toString().substring(0, 8));
    }

    static Space create(SuiteCluster cluster, String name) {
        cluster.client()
                .resource(new NamespaceBuilder()
                        .withNewMetadata()
                        .withName(name)
                        .endMetadata()
                        .build())
                .create();
        return new Space(cluster, name);
    }

    String namespace() {
        return namespace;
    }

    KubernetesClient client() {
        return cluster.client();
    }

    RouteAddresses addresses() {
        return cluster.addresses();
    }

    /** Creates echo servers and a Service of the same name with port {@code ws}. Returns once all are ready. */
    EchoBackend backend(String name, int replicas) {
        EchoBackend backend = new EchoBackend(this, name);
        backend.create(replicas);
        return backend.awaitReady(replicas);
    }

    /** Applies a route without waiting for anything. */
    Route apply(String name, Spec spec) {
        Route route = new Route(this, name);
        route.apply(spec);
        return route;
    }

    /** A handle for a route that need not exist. */
    Route route(String name) {
        return new Route(this, name);
    }

    /** Applies a ConfigMap with one key as a user's tool does. */
    void configMap(String name, String key, String text) {
        new Manifests(client())
                .apply(new ConfigMapBuilder()
                        .withNewMetadata()
                        .withNamespace(namespace)
                        .withName(name)
                        .endMetadata()
                        .addToData(key, text)
                        .build());
    }

    /** Applies a Secret with one key as a user's tool does. */
    void secret(String name, String key, String text) {
        new Manifests(client())
                .apply(new SecretBuilder()
                        .withNewMetadata()
                        .withNamespace(namespace)
                        .withName(name)
                        .endMetadata()
                        .addToStringData(key, text)
                        .build());
    }

    /** Clients that are not connected yet. */
    Fleet fleet(URI uri) {
        Fleet fleet = new Fleet(uri);
        opened.push(fleet::close);
        return fleet;
    }

    /** Connected clients. */
    Fleet fleet(URI uri, int count) {
        Fleet fleet = fleet(uri);
        fleet.grow(count);
        return fleet;
    }

    /** A client with its own settings. */
    TestClient testClient() {
        TestClient testClient = new TestClient();
        opened.push(testClient::close);
        return testClient;
    }

    /** Follows the access logs of the current proxies of a route until they end. */
    ProxyLogs follow(Route route) {
        ProxyLogs logs = new ProxyLogs(this, route.proxies());
        opened.push(logs::close);
        return logs;
    }

    /** A steady stream of new clients. */
    Arrivals arrivals(URI uri) {
        Arrivals arrivals = new Arrivals(uri);
        opened.push(arrivals::close);
        return arrivals;
    }

    @Override
    public void close() {
        while (!opened.isEmpty()) {
            opened.pop().run();
        }
        WrittenObjects.add(client(), namespace);
        client().namespaces().withName(namespace).delete();
    }
}
