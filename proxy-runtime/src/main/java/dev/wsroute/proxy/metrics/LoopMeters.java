// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.metrics;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.netty.util.concurrent.EventExecutor;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Measures the delay of tasks on event loops, with one probe per loop and second. */
final class LoopMeters {

    private static final Logger LOG = LoggerFactory.getLogger(LoopMeters.class);
    private static final long INTERVAL = TimeUnit.SECONDS.toNanos(1);

    private final Timer lag;

    LoopMeters(MeterRegistry registry) {
        lag = Timer.builder("wsroute.event.loop.lag")
                .description("Delay of tasks on event loops")
                .serviceLevelObjectives(
                        Duration.ofMillis(1), Duration.ofMillis(10), Duration.ofMillis(100), Duration.ofSeconds(1))
                .register(registry);
    }

    void watch(Iterable<EventExecutor> loops) {
        loops.forEach(this::probe);
    }

    private void probe(EventExecutor loop) {
        long due = System.nanoTime() + INTERVAL;
        try {
            loop.schedule(() -> ran(loop, due), INTERVAL, TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            LOG.debug("Stopped measuring an event loop that has ended");
        }
    }

    private void ran(EventExecutor loop, long due) {
        try {
            lag.record(Math.max(0, System.nanoTime() - due), TimeUnit.NANOSECONDS);
        } finally {
            probe(loop);
        }
    }
}
