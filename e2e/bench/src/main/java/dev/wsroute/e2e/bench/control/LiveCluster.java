// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.bench.control;

import dev.wsroute.api.v1alpha1.WebSocketRoute;
import dev.wsroute.e2e.cluster.DevImages;
import dev.wsroute.e2e.cluster.EmbeddedCluster;
import dev.wsroute.e2e.cluster.api.http.RequestCounts;
import dev.wsroute.e2e.dev.Manifests;
import dev.wsroute.e2e.dev.Repository;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/** An embedded cluster with the operator and one proxy of one route. Both are the packaged programs in processes. */
final class LiveCluster implements AutoCloseable {

    private static final String NAMESPACE = "default";
    private static final String ROUTE = "bench";
    private static final int LISTENER_PORT = 8080;
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final PatchContext APPLY = new PatchContext.Builder()
            .withPatchType(PatchType.SERVER_SIDE_APPLY)
            .withFieldManager("bench-control")
            .withForce(true)
            .build();

    private final EmbeddedCluster cluster;
    private final KubernetesClient client;
    private final Backends backends;
    private final OperatorRun operator;

    private LiveCluster(EmbeddedCluster cluster, KubernetesClient client, Backends backends, OperatorRun operator) {
        this.cluster = cluster;
        this.client = client;
        this.backends = backends;
        this.operator = operator;
    }

    /** Starts everything, and returns once the route is served. */
    static LiveCluster start(Repository repository) throws IOException, InterruptedException {
        EmbeddedCluster cluster = EmbeddedCluster.builder()
                .images(DevImages.of(repository.root()))
                .start();
        KubernetesClient client = cluster.newClient();
        new Manifests(client).apply(repository.get("crds/websocketroutes.wsroute.dev.yaml"));
        Backends backends = new Backends(client, NAMESPACE);
        LiveCluster live = new LiveCluster(
                cluster,
                client,
                backends,
                OperatorRun.launch(repository, cluster.kubeconfig(), OperatorRun.POD_MEGABYTES, List.of(), List.of()));
        try {
            backends.create();
            live.operator.awaitReady(PATIENCE);
            live.apply(1);
            live.awaitReady();
            return live;
        } catch (IOException | InterruptedException | RuntimeException e) {
            live.close();
            throw e;
        }
    }

    /**
     * Applies the route with a configuration that differs from all earlier ones.
     *
     * @return its new generation, once the API has responded
     */
    long apply(int edit) {
        WebSocketRoute edited = Serialization.unmarshal(
                """
                apiVersion: wsroute.dev/v1alpha1
                kind: WebSocketRoute
                metadata: {name: %s, namespace: %s}
                spec:
                  rules:
                  - name: main
                    backendRefs:
                    - service: {name: %s, port: %s}
                    timeouts: {idle: %ds}
                    drain: {over: 1s}
                  proxy:
                    replicas: 1
                    listeners: [{name: ws, port: %d}]
                    drain: {delay: 0s, over: 1s, closeTimeout: 1s}
                """.formatted(ROUTE, NAMESPACE, Backends.SERVICE, Backends.PORT_NAME, 3600 + edit, LISTENER_PORT),
                WebSocketRoute.class);
        return client.resource(edited)
                .patch(APPLY, Serialization.asJson(edited))
                .getMetadata()
                .getGeneration();
    }

    private void awaitReady() throws InterruptedException {
        try (RouteWatch watch = watch()) {
            if (watch.awaitReady(PATIENCE).isEmpty()) {
                throw new IllegalStateException("the route is not served after " + PATIENCE + "; the operator's log: "
                        + operator.log() + ", the pods' files: " + cluster.directory());
            }
        }
    }

    /** Watches the route's status from now on. */
    RouteWatch watch() {
        return new RouteWatch(
                client.resources(WebSocketRoute.class).inNamespace(NAMESPACE).withName(ROUTE));
    }

    /** The proxy itself, bypassing the Service. */
    URI address() {
        return URI.create("ws://" + proxyPod().getStatus().getPodIP() + ":" + LISTENER_PORT + "/?hello");
    }

    private Pod proxyPod() {
        return client.pods().inNamespace(NAMESPACE).withLabel("app.kubernetes.io/managed-by").list().getItems().stream()
                .filter(pod -> Objects.requireNonNullElse(pod.getStatus().getPodIP(), "")
                        .startsWith("127."))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("the route has no proxy"));
    }

    /** The process that runs the proxy's jar, started by the node of this cluster. */
    ProcessHandle proxy() {
        return ProcessHandle.current()
                .descendants()
                .filter(process -> process.info()
                        .commandLine()
                        .filter(line -> line.contains("wsroute-proxy.jar"))
                        .isPresent())
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no process runs the proxy"));
    }

    Backends backends() {
        return backends;
    }

    OperatorRun operator() {
        return operator;
    }

    RequestCounts.Snapshot requests() {
        return cluster.api().requests().snapshot();
    }

    @Override
    public void close() {
        operator.close();
        client.close();
        cluster.close();
        backends.close();
    }

    /** Waits until earlier writes have been processed, so that they do not count. */
    void settle() throws InterruptedException {
        long seen = -1;
        while (seen != cluster.api().resourceVersion()) {
            seen = cluster.api().resourceVersion();
            TimeUnit.SECONDS.sleep(2);
        }
    }
}
