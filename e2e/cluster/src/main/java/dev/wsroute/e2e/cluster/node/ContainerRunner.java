// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.cluster.node;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Probe;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One container of a pod: its process, restarted when it ends, its probes and its state. Confined to the node's thread. */
final class ContainerRunner {

    /** What a container needs from its pod. */
    interface Owner {
        CompletableFuture<ContainerPlan> plan(Container container);

        Path log(Container container, int restart);

        Path workingDirectory(Container container);

        boolean restarts(int exitCode);

        String address();

        Duration grace();

        /** The container's state, readiness or restart count changed. */
        void changed();
    }

    private static final int CANNOT_START = 128;
    private static final Duration AGAIN = Duration.ofSeconds(1);
    private static final String HELD_BACK = "ImagePullBackOff";

    private final NodeRuntime node;
    private final Owner owner;
    private final Container spec;
    private final RestartBackoff backoff = new RestartBackoff();
    private final ContainerProbes probes;
    private final ContainerHooks hooks;
    private ContainerState state = new ContainerState.Waiting("ContainerCreating", "");
    private Optional<ContainerState.Terminated> lastEnd = Optional.empty();
    private Map<String, String> environment = Map.of();
    private int restarts;
    private boolean stopping;
    private @Nullable Process process;
    private @Nullable Future<?> restart;
    private @Nullable Future<?> kill;

    ContainerRunner(NodeRuntime node, Owner owner, Container spec) {
        this.node = node;
        this.owner = owner;
        this.spec = spec;
        this.hooks = new ContainerHooks(node);
        this.probes = new ContainerProbes(node, spec, owner::address, this::exec, new ContainerProbes.Listener() {
            @Override
            public void changed() {
                owner.changed();
            }

            @Override
            public void unhealthy(Probe probe) {
                Long grace = probe.getTerminationGracePeriodSeconds();
                end(grace == null ? owner.grace() : Duration.ofSeconds(grace));
            }
        });
    }

    Container spec() {
        return spec;
    }

    ContainerState state() {
        return state;
    }

    Optional<ContainerState.Terminated> lastEnd() {
        return lastEnd;
    }

    int restarts() {
        return restarts;
    }

    boolean isReady() {
        return process != null && probes.isReady();
    }

    boolean isStarted() {
        return process != null && probes.isStarted();
    }

    boolean isRunning() {
        return process != null;
    }

    void start() {
        owner.plan(spec).whenCompleteAsync(this::planned, node.loop());
    }

    private void planned(@Nullable ContainerPlan plan, @Nullable Throwable failure) {
        if (stopping) {
            return;
        }
        if (plan != null) {
            launch(plan);
            return;
        }
        Throwable cause = failure != null && failure.getCause() != null ? failure.getCause() : failure;
        if (cause instanceof ContainerPlan.Refused refused && refused.reason().equals(ContainerPlan.PULL_FAILED)) {
            pullFailed(String.valueOf(refused.getMessage()));
            return;
        }
        state = cause instanceof ContainerPlan.Refused refused
                ? new ContainerState.Waiting(refused.reason(), String.valueOf(refused.getMessage()))
                : new ContainerState.Waiting("CreateContainerError", String.valueOf(cause));
        owner.changed();
        restart = schedule(this::start, AGAIN);
    }

    /** Reports the first attempt, and then that the next one is pending. Later attempts would change the state only briefly. */
    private void pullFailed(String failure) {
        if (state instanceof ContainerState.Waiting waiting && waiting.reason().equals(HELD_BACK)) {
            restart = schedule(this::start, AGAIN);
            return;
        }
        state = new ContainerState.Waiting(ContainerPlan.PULL_FAILED, failure);
        owner.changed();
        restart = schedule(() -> holdBack(failure), AGAIN);
    }

    private void holdBack(String failure) {
        state = new ContainerState.Waiting(
                HELD_BACK,
                "Back-off pulling image \"" + spec.getImage() + "\": " + ContainerPlan.PULL_FAILED + ": " + failure);
        owner.changed();
        restart = schedule(this::start, AGAIN);
    }

    private void launch(ContainerPlan plan) {
        environment = plan.environment();
        Instant now = Instant.now();
        try {
            Process started = node.launcher()
                    .launch(
                            plan.command(),
                            plan.environment(),
                            owner.workingDirectory(spec),
                            owner.log(spec, restarts));
            process = started;
            state = new ContainerState.Running(now, started.pid());
            started.onExit().whenCompleteAsync((ended, failure) -> exited(ended, now), node.loop());
            probes.start();
            owner.changed();
        } catch (IOException e) {
            ended(new ContainerState.Terminated(
                    CANNOT_START, "StartError", String.valueOf(e.getMessage()), now, Instant.now()));
        }
    }

    private void exited(Process ended, Instant since) {
        node.launcher().killSession(ended.pid());
        process = null;
        if (kill != null) {
            kill.cancel(false);
            kill = null;
        }
        ended(ContainerState.exited(ended.exitValue(), since, Instant.now()));
    }

    private void ended(ContainerState.Terminated end) {
        probes.stop();
        state = end;
        if (!stopping && owner.restarts(end.exitCode())) {
            lastEnd = Optional.of(end);
            restarts++;
            Duration delay = backoff.next(Duration.between(end.since(), end.at()));
            if (delay.isZero()) {
                owner.changed();
                start();
                return;
            }
            state = new ContainerState.Waiting(
                    "CrashLoopBackOff",
                    "back-off " + delay.toSeconds() + "s restarting failed container=" + spec.getName());
            restart = schedule(this::start, delay);
        }
        owner.changed();
    }

    /** Ends the container for good. Readiness is probed until its process has ended. */
    void stop(Duration grace) {
        if (!stopping) {
            stopping = true;
            probes.stopAllButReadiness();
            if (restart != null) {
                restart.cancel(false);
            }
            if (process == null) {
                owner.changed();
                return;
            }
            hooks.preStop(spec, this::exec).whenCompleteAsync((done, failure) -> terminate(), node.loop());
        }
        killAfter(grace);
    }

    /** Ends the process with SIGTERM, and with SIGKILL if it is still running after {@code grace}. */
    private void end(Duration grace) {
        terminate();
        killAfter(grace);
    }

    private void terminate() {
        if (process != null) {
            process.destroy();
        }
    }

    private void killAfter(Duration grace) {
        if (kill != null) {
            kill.cancel(false);
        }
        if (grace.isZero()) {
            kill();
        } else {
            kill = schedule(this::kill, grace);
        }
    }

    /** Sends SIGKILL at once. */
    private void kill() {
        if (process != null) {
            node.launcher().killAll(process);
        }
    }

    /**
     * Sends SIGKILL at once and starts no other process, whatever the restart policy says.
     *
     * @return completes once the process has ended, and its children have been sent SIGKILL
     */
    CompletableFuture<?> killForGood() {
        stopping = true;
        Process last = process;
        kill();
        return last == null
                ? CompletableFuture.completedFuture(null)
                : last.onExit().thenAccept(ended -> node.launcher().killSession(ended.pid()));
    }

    private CompletableFuture<Integer> exec(List<String> command, Duration timeout) {
        return hooks.exec(command, environment, owner.workingDirectory(spec), owner.log(spec, restarts), timeout);
    }

    private Future<?> schedule(Runnable task, Duration delay) {
        return node.loop().schedule(task, delay.toMillis(), TimeUnit.MILLISECONDS);
    }
}
