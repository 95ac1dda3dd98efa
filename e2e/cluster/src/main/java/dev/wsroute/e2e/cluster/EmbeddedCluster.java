// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.cluster;

import dev.wsroute.e2e.cluster.api.EmbeddedApi;
import dev.wsroute.e2e.cluster.controllers.Controllers;
import dev.wsroute.e2e.cluster.node.AddressRange;
import dev.wsroute.e2e.cluster.node.ImageTable;
import dev.wsroute.e2e.cluster.node.LogFiles;
import dev.wsroute.e2e.cluster.node.Node;
import dev.wsroute.e2e.cluster.node.NodeConfig;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
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
 * A cluster in this process, for tests and for trying things out: an API server in memory, the controllers that it
 * lacks, and a node that runs pods as local processes. ClusterIPs are not reachable; Services of type LoadBalancer are,
 * on 127.0.0.1 at the ports that their status names.
 */
public final class EmbeddedCluster implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedCluster.class);

    private final @Nullable EmbeddedApi api;
    private final Config config;
    private final Path directory;
    private final Path kubeconfig;
    /** What has to be closed, last first. */
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
            Node node = Node.start(client("kubelet"), nodeConfig(builder));
            parts.push(node);
            if (api != null) {
                api.podLogs((namespace, pod, container, previous) ->
                        read(node.logs(), namespace, pod, container, previous));
            }
        } catch (IOException | RuntimeException e) {
            close();
            throw e;
        }
    }

    private NodeConfig nodeConfig(Builder builder) {
        return new NodeConfig(
                builder.nodeName,
                new ImageTable(builder.images),
                AddressRange.parse(builder.podAddresses, seed()),
                directory,
                kubeconfig,
                "127.0.0.1",
                !builder.controllers);
    }

    public static Builder builder() {
        return new Builder();
    }

    /** Clusters of several processes begin at different places of the same range. */
    private static long seed() {
        return ProcessHandle.current().pid() * 251;
    }

    private KubernetesClient client(String name) {
        KubernetesClient client = newClient(name);
        parts.push(client);
        return client;
    }

    /** A client of this cluster, for the caller to close. */
    public KubernetesClient newClient() {
        return newClient("wsroute-e2e");
    }

    private KubernetesClient newClient(String name) {
        Config named = new ConfigBuilder(config)
                .withUserAgent(name)
                .withWatchReconnectInterval(200)
                .withRequestRetryBackoffLimit(1)
                .withConnectionTimeout(2_000)
                .withRequestTimeout(10_000)
                .build();
        return new KubernetesClientBuilder().withConfig(named).build();
    }

    /** The file that kubectl and others need to talk to this cluster. */
    public Path kubeconfig() {
        return kubeconfig;
    }

    /** Where logs and volumes of pods are. */
    public Path directory() {
        return directory;
    }

    /**
     * The API server, to cut it off or to ask for its resource version.
     *
     * @throws IllegalStateException if it is not of this cluster's own
     */
    public EmbeddedApi api() {
        if (api == null) {
            throw new IllegalStateException("this cluster runs on the API server of " + kubeconfig);
        }
        return api;
    }

    private static String read(LogFiles logs, String namespace, String pod, String container, boolean previous) {
        return logs.find(namespace, pod, container, previous)
                .map(file -> {
                    try {
                        return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                })
                .orElse("");
    }

    /** Kills all pods' processes and forgets everything but the files in its directory. */
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

    /** What a cluster is made of; without any call it can run containers that bring a command along. */
    public static final class Builder {

        private final Map<String, List<String>> images = new HashMap<>();
        private String podAddresses = "127.10.0.0/16";
        private String nodeName = "local";
        private boolean controllers = true;
        private @Nullable Path directory;
        private @Nullable Path apiServer;

        private Builder() {}

        /** Runs {@code command} where a container names {@code image}; the container's own arguments are appended. */
        public Builder image(String image, List<String> command) {
            images.put(image, List.copyOf(command));
            return this;
        }

        /** Adds many images, such as {@link DevImages#of}. */
        public Builder images(Map<String, List<String>> table) {
            table.forEach(this::image);
            return this;
        }

        /** Where pods' addresses come from, by default 127.10.0.0/16: it must be local to this machine. */
        public Builder podAddresses(String cidr) {
            podAddresses = cidr;
            return this;
        }

        /** The name of the Node object, by default "local". */
        public Builder nodeName(String name) {
            nodeName = name;
            return this;
        }

        /** Where the kubeconfig, logs and volumes go; by default a new directory for temporary files. */
        public Builder directory(Path path) {
            directory = path;
            return this;
        }

        /**
         * Uses an API server that runs already, for what it lacks: a node, and the controllers unless it has a
         * controller manager. A real one refuses loopback addresses in EndpointSlices, so {@link #podAddresses} has to
         * name a range that is routed to this machine otherwise.
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
