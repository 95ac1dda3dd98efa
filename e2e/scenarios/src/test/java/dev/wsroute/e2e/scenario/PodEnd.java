// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.scenario;

import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Watches how a pod ends. */
final class PodEnd implements AutoCloseable {

    private final CompletableFuture<Pod> last = new CompletableFuture<>();
    private final Watch watch;

    PodEnd(Space space, Pod pod) {
        watch = space.client()
                .pods()
                .inNamespace(space.namespace())
                .withName(pod.getMetadata().getName())
                .watch(new Watcher<>() {
                    @Override
                    public void eventReceived(Action action, Pod current) {
                        if (action == Action.DELETED) {
                            last.complete(current);
                        }
                    }

                    @Override
                    public void onClose(WatcherException cause) {
                        last.completeExceptionally(cause);
                    }
                });
    }

    /** Waits until the pod has ended. Returns the exit codes of its containers; 137 if the grace period was too short. */
    List<Integer> exitCodes() {
        return last.orTimeout(1, TimeUnit.MINUTES).join().getStatus().getContainerStatuses().stream()
                .map(ContainerStatus::getState)
                .map(state -> state.getTerminated().getExitCode())
                .toList();
    }

    @Override
    public void close() {
        watch.close();
    }
}
