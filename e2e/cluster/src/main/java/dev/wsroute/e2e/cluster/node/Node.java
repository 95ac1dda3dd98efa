// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.cluster.node;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A kubelet and a kube-proxy in miniature: claims pods, runs their containers as local processes, and forwards Services
 * of type LoadBalancer. An ordinary client of the API.
 */
public final class Node implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Node.class);
    private static final long FIRST_LIST_SECONDS = 60;
    private static final long LAST_END_SECONDS = 10;

    private final KubernetesClient client;
    private final NodeConfig config;
    private final EventLoopGroup network = new MultiThreadIoEventLoopGroup(
            1, new DefaultThreadFactory("node-network", true), NioIoHandler.newFactory());
    private final ScheduledThreadPoolExecutor loop = loop();
    private final ExecutorService volumes =
            Executors.newSingleThreadExecutor(new DefaultThreadFactory("node-volumes", true));
    private final NodeRuntime runtime;
    private final PodApi api;
    private final NodeHeartbeat heartbeat;
    private final LoadBalancers loadBalancers;
    private final SharedIndexInformer<Pod> pods;
    /** By uid. Confined to the loop. */
    private final Map<String, PodRunner> runners = new HashMap<>();
    /** No process is started any more. Confined to the loop. */
    private boolean closed;

    private Node(KubernetesClient client, NodeConfig config) {
        this.client = client;
        this.config = config;
        LogFiles logs = new LogFiles(config.directory().resolve("logs"));
        this.runtime = new NodeRuntime(config, loop, new ContainerLauncher(), new ProbeClient(network), logs);
        this.api = new PodApi(client, config.name());
        this.heartbeat = new NodeHeartbeat(client);
        this.loadBalancers = new LoadBalancers(client, network, config.loadBalancerAddress());
        this.pods = client.pods().inAnyNamespace().runnableInformer(0);
        pods.addEventHandler(new ResourceEventHandler<Pod>() {
            @Override
            public void onAdd(Pod pod) {
                loop.execute(() -> observe(pod));
            }

            @Override
            public void onUpdate(Pod before, Pod pod) {
                if (!uid(before).equals(uid(pod))) {
                    loop.execute(() -> gone(before));
                }
                loop.execute(() -> observe(pod));
            }

            @Override
            public void onDelete(Pod pod, boolean finalStateUnknown) {
                loop.execute(() -> gone(pod));
            }
        });
    }

    private static ScheduledThreadPoolExecutor loop() {
        ScheduledThreadPoolExecutor loop = new ScheduledThreadPoolExecutor(
                1, new DefaultThreadFactory("node", true), new ThreadPoolExecutor.DiscardPolicy());
        loop.setRemoveOnCancelPolicy(true);
        // The thread must outlive the processes that it started, since the kernel kills them with it.
        loop.setKeepAliveTime(Long.MAX_VALUE, TimeUnit.NANOSECONDS);
        return loop;
    }

    /**
     * Registers the node and starts to run pods.
     *
     * @param client is closed by the caller, after this
     * @throws IllegalStateException if the API server cannot be reached
     */
    public static Node start(KubernetesClient client, NodeConfig config) {
        Node node = new Node(client, config);
        try {
            NodeObject.write(client, config.name());
            CompletableFuture.allOf(node.pods.start().toCompletableFuture(), node.loadBalancers.start())
                    .get(FIRST_LIST_SECONDS, TimeUnit.SECONDS);
            if (config.heartbeats()) {
                node.heartbeat.start(config.name());
            }
            return node;
        } catch (Exception e) {
            node.close();
            if (e instanceof InterruptedException) {
                Thread.currentThread().interrupt();
            }
            throw new IllegalStateException("the node cannot register with the API server: " + e.getMessage(), e);
        }
    }

    /** The output of containers. */
    public LogFiles logs() {
        return runtime.logs();
    }

    private void observe(Pod pod) {
        if (closed) {
            return;
        }
        try {
            if (pod.getSpec().getNodeName() == null) {
                if (pod.getMetadata().getDeletionTimestamp() == null) {
                    schedule(pod);
                }
            } else if (pod.getSpec().getNodeName().equals(config.name())) {
                runners.computeIfAbsent(uid(pod), uid -> runner(pod)).observe(pod);
            }
        } catch (RuntimeException e) {
            LOG.error("{} cannot be run", pod.getMetadata().getName(), e);
        }
    }

    private void schedule(Pod pod) {
        Optional<String> obstacle = Scheduling.obstacle(pod, config.name());
        if (obstacle.isEmpty()) {
            api.bind(pod);
            return;
        }
        PodStatus status = Scheduling.unschedulable(pod.getStatus(), obstacle.get(), Instant.now());
        if (!status.equals(pod.getStatus())) {
            api.report(pod, status);
        }
    }

    private PodRunner runner(Pod pod) {
        Path root = config.directory().resolve("pods").resolve(uid(pod));
        return new PodRunner(runtime, api, new PodVolumes(client, volumes, pod, root, config.credentials()), pod);
    }

    private void gone(Pod pod) {
        PodRunner runner = runners.get(uid(pod));
        if (runner != null) {
            runner.objectGone();
            runners.values().removeIf(PodRunner::isOver);
        }
    }

    private static String uid(Pod pod) {
        return pod.getMetadata().getUid();
    }

    private CompletableFuture<?> killAll() {
        closed = true;
        return CompletableFuture.allOf(
                runners.values().stream().map(PodRunner::kill).toArray(CompletableFuture[]::new));
    }

    /**
     * Kills all processes that it has started, and returns once they have ended and their ports are free. Closes all
     * forwarded connections. Writes nothing to the API.
     */
    @Override
    public void close() {
        pods.stop();
        api.close();
        heartbeat.close();
        loadBalancers.close();
        try {
            CompletableFuture.supplyAsync(this::killAll, loop)
                    .thenCompose(ended -> ended)
                    .get(LAST_END_SECONDS, TimeUnit.SECONDS);
        } catch (Exception e) {
            if (e instanceof InterruptedException) {
                Thread.currentThread().interrupt();
            }
            LOG.warn("not all processes of the node could be ended: {}", e.toString());
        }
        loop.shutdownNow();
        volumes.shutdownNow();
        network.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly(3, TimeUnit.SECONDS);
    }
}
