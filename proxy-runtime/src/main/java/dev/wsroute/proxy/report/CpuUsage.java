// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.report;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The CPU that this process used in the last minute. Unknown until it is two minutes old: in the first one a JVM compiles what
 * it will run later, and an autoscaler that took this for load would start the next proxy. Not thread-safe.
 */
public final class CpuUsage {

    private static final long START = Duration.ofMinutes(1).toNanos();
    private static final long WINDOW = Duration.ofMinutes(1).toNanos();

    private final LongSupplier clock;
    private final LongSupplier used;
    private final long started;
    /** Oldest first; the second one is always within the window. */
    private final Deque<Sample> samples = new ArrayDeque<>();

    private record Sample(long at, long used) {}

    /**
     * @param clock nanoseconds since any fixed time
     * @param used CPU time of the process in nanoseconds; negative if unknown
     */
    CpuUsage(LongSupplier clock, LongSupplier used) {
        this.clock = clock;
        this.used = used;
        this.started = clock.getAsLong();
    }

    /** Of this process, which begins now. */
    public static CpuUsage ofProcess() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof com.sun.management.OperatingSystemMXBean process
                ? new CpuUsage(System::nanoTime, process::getProcessCpuTime)
                : new CpuUsage(System::nanoTime, () -> -1);
    }

    /** To be called every few seconds. */
    void sample() {
        long now = clock.getAsLong();
        long total = used.getAsLong();
        if (total < 0 || now - started < START) {
            return;
        }
        Sample last = samples.peekLast();
        if (last != null && now - last.at() > WINDOW) {
            // Nobody asked for a while.
            samples.clear();
        }
        samples.addLast(new Sample(now, total));
        while (samples.size() > 2 && now - second().at() >= WINDOW) {
            samples.removeFirst();
        }
    }

    /** The average in thousandths of a core; null if unknown. */
    @Nullable Long millicores() {
        Sample first = samples.peekFirst();
        Sample last = samples.peekLast();
        if (first == null || last == null || last.at() - first.at() < WINDOW) {
            return null;
        }
        return Math.round(1_000.0 * (last.used() - first.used()) / (last.at() - first.at()));
    }

    private Sample second() {
        return samples.stream().skip(1).findFirst().orElseThrow();
    }
}
