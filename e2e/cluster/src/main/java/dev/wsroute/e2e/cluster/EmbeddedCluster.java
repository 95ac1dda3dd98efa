// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.cluster;

import dev.wsroute.e2e.cluster.api.EmbeddedApi;
import dev.wsroute.e2e.cluster.controllers.Controllers;
import dev.wsroute.e2e.cluster.node.AddressRange;
import dev.wsroute.e2e.cluster.node.ImageTable;
import dev.wsroute.e2e.cluster.node.Node;
import dev.wsroute.e2e.cluster.node.NodeConfig;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A cluster in this process, for tests and demonstrations: an API server in memory, controllers, and a node that runs pods as
 * local processes. ClusterIPs are not reachable. Services of type LoadBalancer are reachable on 127.0.0.1 at the ports in
 * their status.
 */
public final class EmbeddedCluster implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedCluster.class);

    private final @Nullable EmbeddedApi api;
    private final Config config;
    private final Path directory;
    private final Path kubeconfig;
    /** What must be closed, in reverse order. */
    private final Deque<AutoCloseable> parts = new ArrayDeque<>();

    private EmbeddedCluster(Builder builder) throws IOException {
        directory = builder.directory == null ? Files.createTempDirectory("wsroute-cluster-") : builder.directory;
        Files.createDirectories(directory);
        try {
            if (builder.apiServer == null) {
                kubeconfig = directory.resolve("kubeconfig");
                api = EmbeddedApi.start();
                parts.push(api);
                api.writeKubeconfig(kubeconfig);
                config = new ConfigBuilder(Config.empty())
                        .withMasterUrl(api.url())
                        .withNamespace("default")
                        .build();
            } else {
                kubeconfig = builder.apiServer.toAbsolutePath();
                api = null;
                config = KubeconfigFile.read(kubeconfig);
            }
            if (builder.controllers) {
                parts.push(Controllers.start(client("kube-controller-manager")));
            }
            AddressRange addresses = AddressRange.parse(builder.podAddresses);
            parts.push(addresses);
            Node node = Node.start(client("kubelet"), nodeConfig(builder, addresses));
            parts.push(node);
            if (api != null) {
                api.podLogs(node.logs()::read);
            }
        } catch (IOException | RuntimeException e) {
            close();
            throw e;
        }
    }

    private NodeConfig nodeConfig(Builder builder, AddressRange addresses) {
        return new NodeConfig(
                builder.nodeName,
                new ImageTable(builder.images),
                addresses,
                directory,
                this::credentials,
                "127.0.0.1",
                !builder.controllers);
    }

    /** An existing API server does not know the node's pods, so that they get the node's own kubeconfig. */
    private Path credentials(String namespace, String account, Path file) throws IOException {
        if (api == null) {
            return kubeconfig;
        }
        api.writeKubeconfig(file, namespace, account);
        return file;
    }

    public static Builder builder() {
        return new Builder();
    }

    private KubernetesClient client(String name) {
        KubernetesClient client = newClient(name);
        parts.push(client);
        return client;
    }

    /** A client of this cluster, which the caller closes. */
    public KubernetesClient newClient() {
        return newClient("wsroute-e2e");
    }

    private KubernetesClient newClient(String name) {
        Config named = new ConfigBuilder(config)
                .withUserAgent(name)
                .withWatchReconnectInterval(200)
                .withRequestRetryBackoffLimit(1)
                .withConnectionTimeout(2_000)
                .withRequestTimeout(60_000)
                .build();
        return new KubernetesClientBuilder().withConfig(named).build();
    }

    /** The kubeconfig of this cluster. */
    public Path kubeconfig() {
        return kubeconfig;
    }

    /** The folder with logs and volumes of pods. */
    public Path directory() {
        return directory;
    }

    /**
     * The API server, for tests that cut it off or read its resource version.
     *
     * @throws IllegalStateException if this cluster uses an existing one
     */
    public EmbeddedApi api() {
        if (api == null) {
            throw new IllegalStateException("this cluster runs on the API server of " + kubeconfig);
        }
        return api;
    }

    /** Kills the processes of all pods and drops all state except the files in its directory. */
    @Override
    public void close() {
        while (!parts.isEmpty()) {
            AutoCloseable part = parts.pop();
            try {
                part.close();
            } catch (Exception e) {
                LOG.warn("a part of the embedded cluster did not close: {}", e.toString());
            }
        }
    }

    /** Settings of a cluster. By default it can only run containers with a command of their own. */
    public static final class Builder {

        private final Map<String, List<String>> images = new HashMap<>();
        private String podAddresses = "127.10.0.0/16";
        private String nodeName = "local";
        private boolean controllers = true;
        private @Nullable Path directory;
        private @Nullable Path apiServer;

        private Builder() {}

        /** Runs {@code command} for containers with {@code image}, followed by the container's own arguments. */
        public Builder image(String image, List<String> command) {
            images.put(image, List.copyOf(command));
            return this;
        }

        /** Adds many images, such as {@link DevImages#of}. */
        public Builder images(Map<String, List<String>> table) {
            table.forEach(this::image);
            return this;
        }

        /** The range of the pods' addresses, by default 127.10.0.0/16. It must be local to this machine. */
        public Builder podAddresses(String cidr) {
            podAddresses = cidr;
            return this;
        }

        /** The name of the Node object, by default "local". */
        public Builder nodeName(String name) {
            nodeName = name;
            return this;
        }

        /** The directory for kubeconfig, logs and volumes, by default a new temporary one. */
        public Builder directory(Path path) {
            directory = path;
            return this;
        }

        /**
         * Adds to an existing API server what it lacks: a node, and the controllers unless it has a controller manager. A real
         * API server refuses loopback addresses in EndpointSlices, so {@link #podAddresses} must be another range that is
         * routed to this machine.
         */
        public Builder onApiServer(Path kubeconfigFile, boolean hasControllers) {
            apiServer = kubeconfigFile;
            controllers = !hasControllers;
            return this;
        }

        /**
         * Starts the cluster.
         *
         * @throws UncheckedIOException if the directory cannot be written
         * @throws IllegalStateException if a part does not start
         */
        public EmbeddedCluster start() {
            try {
                return new EmbeddedCluster(this);
            } catch (IOException e) {
                throw new UncheckedIOException("the cluster's directory cannot be written: " + e.getMessage(), e);
            }
        }
    }
}
