// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.scenario;

import io.fabric8.kubernetes.api.model.Pod;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Kills a pod's process with SIGKILL after each start, until this object is closed. */
final class CrashLoop implements AutoCloseable {

    /** Shorter than the start of any program here. */
    private static final long INTERVAL_MILLIS = 250;

    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();

    private final Pod pod;

    CrashLoop(Pod pod) {
        this.pod = pod;
    }

    /** Returns once the process has been killed for the first time. Skips the test if pods run on other machines. */
    void begin() {
        LocalProcess.ofPod(pod).kill();
        clock.scheduleWithFixedDelay(() -> LocalProcess.killIfRunning(pod), 0, INTERVAL_MILLIS, TimeUnit.MILLISECONDS);
    }

    @Override
    public void close() {
        clock.shutdownNow();
    }
}
