// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.cluster.node;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodStatus;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/** One pod from its binding to its end: its address, volumes and containers. Confined to the node's thread. */
final class PodRunner implements ContainerRunner.Owner {

    private static final long DEFAULT_GRACE_SECONDS = 30;

    private final NodeRuntime node;
    private final PodApi api;
    private final PodVolumes volumes;
    private final String address;
    private final Instant since = Instant.now();
    private final List<ContainerRunner> containers;
    private Pod pod;
    private PodStatus status;
    private boolean started;
    private boolean terminating;
    private Duration terminationGrace = Duration.ZERO;
    private boolean finished;
    private boolean objectGone;

    PodRunner(NodeRuntime node, PodApi api, PodVolumes volumes, Pod pod) {
        this.node = node;
        this.api = api;
        this.volumes = volumes;
        this.pod = pod;
        this.status = Objects.requireNonNullElseGet(pod.getStatus(), PodStatus::new);
        this.address = node.config().addresses().allocate();
        this.containers = pod.getSpec().getContainers().stream()
                .map(container -> new ContainerRunner(node, this, container))
                .toList();
    }

    /** Adopts the current state of the pod in the API. */
    void observe(Pod object) {
        pod = object;
        if (object.getMetadata().getDeletionTimestamp() != null) {
            terminate(Duration.ofSeconds(Objects.requireNonNullElse(
                    object.getMetadata().getDeletionGracePeriodSeconds(), grace().toSeconds())));
        } else if (!started) {
            started = true;
            changed();
            containers.forEach(ContainerRunner::start);
        }
    }

    /** The object was removed, by force unless this node did it. Running containers get the pod's own grace period. */
    void objectGone() {
        objectGone = true;
        api.forget(pod);
        if (finished) {
            node.config().addresses().release(address);
        } else {
            terminate(grace());
        }
    }

    boolean isOver() {
        return finished && objectGone;
    }

    /** Called for every change of a terminating pod. Only a shorter grace period changes the end. */
    private void terminate(Duration grace) {
        if (terminating && grace.compareTo(terminationGrace) >= 0) {
            return;
        }
        terminating = true;
        terminationGrace = grace;
        containers.forEach(container -> container.stop(grace));
        finishIfStopped();
    }

    @Override
    public void changed() {
        if (finished) {
            return;
        }
        PodStatus now = PodStatuses.of(status, address, since, containers, restarts(0) && !terminating);
        boolean news = !now.equals(status);
        status = now;
        if (terminating && containers.stream().noneMatch(ContainerRunner::isRunning)) {
            finishIfStopped();
        } else if (news && !objectGone) {
            api.report(pod, now);
        }
    }

    private void finishIfStopped() {
        if (finished || containers.stream().anyMatch(ContainerRunner::isRunning)) {
            return;
        }
        finished = true;
        volumes.remove();
        if (objectGone) {
            node.config().addresses().release(address);
        } else {
            api.finish(pod, PodStatuses.of(status, address, since, containers, false));
        }
    }

    /**
     * Sends SIGKILL to all processes at once and starts no others. Writes nothing to the API.
     *
     * @return completes once the processes have ended
     */
    CompletableFuture<?> kill() {
        finished = true;
        return CompletableFuture.allOf(
                containers.stream().map(ContainerRunner::killForGood).toArray(CompletableFuture[]::new));
    }

    @Override
    public CompletableFuture<ContainerPlan> plan(Container container) {
        PodFacts facts = new PodFacts(pod, address, node.config().name(), NodeRuntime.ADDRESS);
        return volumes.prepare().thenApply(references -> {
            try {
                return ContainerPlan.of(
                        container,
                        facts,
                        node.config().images(),
                        volumes.directories(),
                        volumes.environment(),
                        references);
            } catch (ContainerPlan.Refused e) {
                throw new CompletionException(e);
            }
        });
    }

    @Override
    public Path log(Container container, int restart) {
        return node.logs()
                .file(
                        pod.getMetadata().getNamespace(),
                        pod.getMetadata().getName(),
                        pod.getMetadata().getUid(),
                        container.getName(),
                        restart);
    }

    @Override
    public Path workingDirectory(Container container) {
        return volumes.root().resolve("containers").resolve(container.getName());
    }

    @Override
    public boolean restarts(int exitCode) {
        @Nullable String policy = pod.getSpec().getRestartPolicy();
        return policy == null || policy.equals("Always") || (policy.equals("OnFailure") && exitCode != 0);
    }

    @Override
    public String address() {
        return address;
    }

    @Override
    public Duration grace() {
        return Duration.ofSeconds(
                Objects.requireNonNullElse(pod.getSpec().getTerminationGracePeriodSeconds(), DEFAULT_GRACE_SECONDS));
    }
}
