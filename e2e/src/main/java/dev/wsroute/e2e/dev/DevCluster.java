package dev.wsroute.e2e.dev;

import dev.wsroute.e2e.cluster.DevImages;
import dev.wsroute.e2e.cluster.EmbeddedCluster;
import dev.wsroute.e2e.cluster.api.EmbeddedApi;
import dev.wsroute.e2e.cluster.controllers.Controllers;
import dev.wsroute.e2e.cluster.node.AddressRange;
import dev.wsroute.e2e.cluster.node.ImageTable;
import dev.wsroute.e2e.cluster.node.Node;
import dev.wsroute.e2e.cluster.node.NodeConfig;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The cluster that a command works on: a new one in this process, or one that exists with the parts that it lacks. */
public final class DevCluster implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(DevCluster.class);

    private final Path kubeconfig;
    private final Path directory;
    private final KubernetesClient client;
    private final @Nullable EmbeddedCluster embedded;
    /** What has to be closed, last first. */
    private final Deque<AutoCloseable> parts;

    private DevCluster(
            Path kubeconfig,
            Path directory,
            KubernetesClient client,
            @Nullable EmbeddedCluster embedded,
            Deque<AutoCloseable> parts) {
        this.embedded = embedded;
        this.kubeconfig = kubeconfig;
        this.directory = directory;
        this.client = client;
        this.parts = parts;
    }

    /**
     * Joins the cluster that the options name, or starts one that ends with this process.
     *
     * @throws IOException when there is no place for the files of its pods
     */
    public static DevCluster open(Repository repository, ClusterOptions options) throws IOException {
        return options.kubeconfig == null
                ? embedded(repository, options)
                : existing(options.kubeconfig, repository, options);
    }

    private static DevCluster embedded(Repository repository, ClusterOptions options) {
        EmbeddedCluster cluster = EmbeddedCluster.builder()
                .images(DevImages.of(repository.root()))
                .podAddresses(options.podAddresses)
                .start();
        Deque<AutoCloseable> parts = new ArrayDeque<>();
        parts.push(cluster);
        KubernetesClient client = cluster.newClient();
        parts.push(client);
        return new DevCluster(cluster.kubeconfig(), cluster.directory(), client, cluster, parts);
    }

    private static DevCluster existing(Path kubeconfig, Repository repository, ClusterOptions options)
            throws IOException {
        Path file = kubeconfig.toAbsolutePath();
        Path directory = Files.createTempDirectory("wsroute-node-");
        Deque<AutoCloseable> parts = new ArrayDeque<>();
        KubernetesClient client = newClient(file, parts);
        if (options.controllers) {
            parts.push(Controllers.start(newClient(file, parts)));
        }
        if (options.node) {
            NodeConfig config = new NodeConfig(
                    "local",
                    new ImageTable(DevImages.of(repository.root())),
                    AddressRange.parse(
                            options.podAddresses, ProcessHandle.current().pid()),
                    directory,
                    file,
                    "127.0.0.1");
            parts.push(Node.start(newClient(file, parts), config));
        }
        return new DevCluster(file, directory, client, null, parts);
    }

    private static KubernetesClient newClient(Path kubeconfig, Deque<AutoCloseable> parts) {
        KubernetesClient client = new KubernetesClientBuilder()
                .withConfig(Config.fromKubeconfig(kubeconfig.toFile()))
                .build();
        parts.push(client);
        return client;
    }

    /** The file that kubectl needs. */
    public Path kubeconfig() {
        return kubeconfig;
    }

    /** Where logs and volumes of pods are that run on this machine. */
    public Path directory() {
        return directory;
    }

    /** A client of the cluster, closed with it. */
    public KubernetesClient client() {
        return client;
    }

    /** The API server of this process, for those who want to cut it off; empty on a cluster that existed. */
    public Optional<EmbeddedApi> embeddedApi() {
        return Optional.ofNullable(embedded).map(EmbeddedCluster::api);
    }

    @Override
    public void close() {
        while (!parts.isEmpty()) {
            try {
                parts.pop().close();
            } catch (Exception e) {
                LOG.warn("a part of the cluster did not close: {}", e.toString());
            }
        }
    }
}
