// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy;

import dev.wsroute.proxy.containment.LoggingScheduler;
import java.util.concurrent.ScheduledExecutorService;

/**
 * The threads of the control plane. Only the first must not block. Disk and report have one thread each, so that the newest
 * value is always written last.
 *
 * @param control makes all changes
 * @param lookups reads files and resolves names
 * @param disk writes the last good state
 * @param reports writes reports to the Kubernetes API
 */
record ControlThreads(
        ScheduledExecutorService control,
        ScheduledExecutorService lookups,
        ScheduledExecutorService disk,
        ScheduledExecutorService reports) {

    static ControlThreads start() {
        return new ControlThreads(
                new LoggingScheduler("control"),
                new LoggingScheduler("lookup", 2),
                new LoggingScheduler("disk"),
                new LoggingScheduler("report"));
    }

    /** Interrupts them. */
    void stop() {
        control.shutdownNow();
        lookups.shutdownNow();
        disk.shutdownNow();
        reports.shutdownNow();
    }
}
