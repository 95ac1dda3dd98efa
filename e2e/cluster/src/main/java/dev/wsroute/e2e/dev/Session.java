// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.dev;

import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;

/** A cluster with the operator. Closing it, or Ctrl-C, ends everything that it started and deletes what it applied. */
final class Session implements AutoCloseable {

    /** The routes of {@code make run} and {@code make demo} are reached from outside the cluster. */
    private static final Map<String, String> LIMITS = Map.of("serviceTypes", "ClusterIP LoadBalancer");

    private final Repository repository;
    private final DevCluster cluster;
    private final Manifests manifests;
    private final AtomicBoolean closed = new AtomicBoolean();
    private volatile boolean succeeded;

    private Session(Repository repository, DevCluster cluster) {
        this.repository = repository;
        this.cluster = cluster;
        this.manifests = new Manifests(cluster.client());
    }

    /**
     * Starts or joins a cluster and installs the operator.
     *
     * @throws IOException if a manifest cannot be read
     */
    static Session start(ClusterOptions options, Console console) throws IOException {
        Repository repository = Repository.locate();
        Path kubeconfig = options.kubeconfig;
        console.step(kubeconfig == null ? "starting a cluster" : "joining the cluster of " + kubeconfig);
        DevCluster cluster = DevCluster.open(repository, options);
        Session session = new Session(repository, cluster);
        Runtime.getRuntime().addShutdownHook(new Thread(session::close, "cleaning up"));
        try {
            cluster.logs().ifPresent(logs -> console.detail("logs of its pods are in " + logs));
            console.step("installing the operator");
            new Installation(session.client(), session.manifests).install(repository, LIMITS);
        } catch (IOException | RuntimeException e) {
            session.close();
            throw e;
        }
        return session;
    }

    Repository repository() {
        return repository;
    }

    KubernetesClient client() {
        return cluster.client();
    }

    Manifests manifests() {
        return manifests;
    }

    Path kubeconfig() {
        return cluster.kubeconfig();
    }

    /**
     * The address of a Ready route.
     *
     * @throws IllegalStateException if no proxy responds within a minute
     */
    URI address(String namespace, String route) throws InterruptedException {
        return cluster.addresses().await(namespace, route);
    }

    /** Everything went well, so closing also deletes the logs. */
    void succeeded() {
        succeeded = true;
    }

    /** Blocks until the program is interrupted. */
    void awaitInterrupt() throws InterruptedException {
        new CountDownLatch(1).await();
    }

    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        cluster.remove(manifests);
        cluster.close();
        if (succeeded) {
            cluster.deleteFiles();
        }
    }
}
