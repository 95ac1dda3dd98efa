// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.cluster.node;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.LifecycleHandler;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Commands that run beside a container's process in the same environment: exec probes and preStop hooks. */
final class ContainerHooks {

    /** A hook that does not end by itself is killed after the grace period. */
    private static final Duration UNBOUNDED = Duration.ofDays(1);

    private final NodeRuntime node;

    ContainerHooks(NodeRuntime node) {
        this.node = node;
    }

    /** Completes when the container may be stopped: at once unless it has a preStop hook. */
    CompletableFuture<?> preStop(Container container, ProbeCheck.Exec exec) {
        @Nullable LifecycleHandler handler = container.getLifecycle() == null
                ? null
                : container.getLifecycle().getPreStop();
        if (handler != null && handler.getSleep() != null) {
            CompletableFuture<Boolean> slept = new CompletableFuture<>();
            node.loop().schedule(() -> slept.complete(true), handler.getSleep().getSeconds(), TimeUnit.SECONDS);
            return slept;
        }
        return handler == null || handler.getExec() == null
                ? CompletableFuture.completedFuture(null)
                : exec.run(handler.getExec().getCommand(), UNBOUNDED);
    }

    /** Completes with the exit code; fails if the command cannot be started or takes longer than {@code timeout}. */
    CompletableFuture<Integer> exec(
            List<String> command, Map<String, String> environment, Path directory, Path log, Duration timeout) {
        try {
            Process hook = node.launcher().launch(command, environment, directory, log);
            return hook.onExit()
                    .orTimeout(timeout.toMillis(), TimeUnit.MILLISECONDS)
                    .whenComplete((ended, failure) -> node.launcher().killAll(hook))
                    .thenApply(Process::exitValue);
        } catch (IOException e) {
            return CompletableFuture.failedFuture(e);
        }
    }
}
