// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.scenario;

import dev.wsroute.e2e.client.Fleet;
import dev.wsroute.e2e.dev.RouteAddresses;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.net.URI;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.UUID;

/** A namespace of a test's own, deleted after it with all that is in it. */
final class Space implements AutoCloseable {

    private final SuiteCluster cluster;
    private final String namespace;
    private final Deque<Runnable> opened = new ArrayDeque<>();

    private Space(SuiteCluster cluster, String namespace) {
        this.cluster = cluster;
        this.namespace = namespace;
    }

    static Space create(SuiteCluster cluster) {
        String name = "scenario-" + UUID.randomUUID().toString().substring(0, 8);
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

    /** Echo servers with a Service of their name, port {@code ws}; returns when all are ready. */
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

    /** A handle of a route that need not exist. */
    Route route(String name) {
        return new Route(this, name);
    }

    /** Clients without a connection as yet. */
    Fleet fleet(URI uri) {
        Fleet fleet = new Fleet(uri);
        opened.push(fleet::close);
        return fleet;
    }

    /** Clients, connected. */
    Fleet fleet(URI uri, int count) {
        Fleet fleet = fleet(uri);
        fleet.grow(count);
        return fleet;
    }

    /** A client with settings of the test. */
    TestClient testClient() {
        TestClient testClient = new TestClient();
        opened.push(testClient::close);
        return testClient;
    }

    /** What the proxies of a route that there are now write to their access logs until they end. */
    ProxyLogs follow(Route route) {
        ProxyLogs logs = new ProxyLogs(this, route.proxies());
        opened.push(logs::close);
        return logs;
    }

    /** New clients, one after the other without end. */
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
        client().namespaces().withName(namespace).delete();
    }
}
