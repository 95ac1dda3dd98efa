// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.dev;

import dev.wsroute.e2e.cluster.DevImages;
import dev.wsroute.e2e.cluster.EmbeddedCluster;
import dev.wsroute.e2e.cluster.KubeconfigFile;
import dev.wsroute.e2e.cluster.api.EmbeddedApi;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The cluster of a command: a new one in this process, or an existing one plus the parts that it lacks. */
public final class DevCluster implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(DevCluster.class);
    private static final String NODE = "local";
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Path kubeconfig;
    private final KubernetesClient client;
    private final @Nullable EmbeddedCluster parts;
    private final boolean foreign;
    private final RouteAddresses addresses;

    private DevCluster(Path kubeconfig, KubernetesClient client, @Nullable EmbeddedCluster parts, boolean foreign) {
        this.kubeconfig = kubeconfig;
        this.client = client;
        this.parts = parts;
        this.foreign = foreign;
        this.addresses = parts == null ? RouteAddresses.of(client) : RouteAddresses.atLoadBalancers(client);
    }

    /**
     * Joins the cluster that the options name, or starts one that ends with this process.
     *
     * @throws IllegalStateException if a part does not start
     */
    public static DevCluster open(Repository repository, ClusterOptions options) {
        Path kubeconfig = options.kubeconfig;
        if (kubeconfig != null && !options.node) {
            Path file = kubeconfig.toAbsolutePath();
            Config config = KubeconfigFile.read(file);
            return new DevCluster(
                    file, new KubernetesClientBuilder().withConfig(config).build(), null, true);
        }
        EmbeddedCluster.Builder builder = EmbeddedCluster.builder()
                .images(DevImages.of(repository.root()))
                .podAddresses(options.podAddresses);
        if (kubeconfig != null) {
            builder.onApiServer(kubeconfig, !options.controllers);
        }
        EmbeddedCluster parts = builder.start();
        return new DevCluster(parts.kubeconfig(), parts.newClient(), parts, kubeconfig != null);
    }

    /** The kubeconfig file. */
    public Path kubeconfig() {
        return kubeconfig;
    }

    /** A client of the cluster, closed with it. */
    public KubernetesClient client() {
        return client;
    }

    /** The addresses of its routes. */
    public RouteAddresses addresses() {
        return addresses;
    }

    /** The API server in this process, which tests can cut off; empty for an existing cluster. */
    public Optional<EmbeddedApi> embeddedApi() {
        return foreign ? Optional.empty() : Optional.ofNullable(parts).map(EmbeddedCluster::api);
    }

    /**
     * Deletes what was applied to an existing cluster, and waits until the pods on this machine have ended, since no one else
     * would report that to its API server. Does nothing for a cluster in this process.
     */
    public void remove(Manifests applied) {
        if (!foreign) {
            return;
        }
        try {
            applied.deleteCreated();
            if (parts != null) {
                Waiting.until("the end of the pods", PATIENCE, this::noPodsHere);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            LOG.warn("not all that was applied could be removed: {}", e.getMessage());
        }
    }

    private boolean noPodsHere() {
        return client.pods()
                .inAnyNamespace()
                .withField("spec.nodeName", NODE)
                .list()
                .getItems()
                .isEmpty();
    }

    /** The folder with the logs of pods on this machine. */
    public Optional<Path> logs() {
        return Optional.ofNullable(parts).map(cluster -> cluster.directory().resolve("logs"));
    }

    @Override
    public void close() {
        client.close();
        if (parts != null) {
            parts.close();
        }
    }

    /** Deletes logs, volumes and kubeconfig of a closed cluster on this machine. */
    void deleteFiles() {
        if (parts == null) {
            return;
        }
        try (Stream<Path> files = Files.walk(parts.directory())) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException | UncheckedIOException e) {
            LOG.warn("the files in {} could not all be deleted: {}", parts.directory(), e.getMessage());
        }
    }
}
