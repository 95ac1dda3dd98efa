// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.metrics;

import dev.wsroute.proxy.drain.CloseReason;
import dev.wsroute.proxy.drain.ShedObserver;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.atomic.LongAdder;

/** Progress of shedding, by reason. */
final class ShedMeters implements ShedObserver {

    private final Map<CloseReason, Progress> reasons = new EnumMap<>(CloseReason.class);

    private record Progress(LongAdder waiting, LongAdder asked, LongAdder reset) {}

    ShedMeters(MeterRegistry registry) {
        for (CloseReason reason : CloseReason.values()) {
            Progress progress = new Progress(new LongAdder(), new LongAdder(), new LongAdder());
            String label = reason.name().toLowerCase(Locale.ROOT);
            Gauge.builder("wsroute.shed.waiting", progress.waiting(), LongAdder::sum)
                    .description("WebSocket connections waiting to be closed")
                    .tags("reason", label)
                    .register(registry);
            FunctionCounter.builder("wsroute.shed.asked", progress.asked(), LongAdder::sum)
                    .description("WebSocket connections that were asked to close")
                    .tags("reason", label)
                    .register(registry);
            FunctionCounter.builder("wsroute.shed.reset", progress.reset(), LongAdder::sum)
                    .description("WebSocket connections that were reset because they did not close within the close"
                            + " timeout")
                    .tags("reason", label)
                    .register(registry);
            reasons.put(reason, progress);
        }
    }

    @Override
    public void waiting(CloseReason reason, int change) {
        of(reason).waiting().add(change);
    }

    @Override
    public void asked(CloseReason reason) {
        of(reason).asked().increment();
    }

    /** Numbers of waiting connections by reason, without zeros. */
    Map<String, Long> waitingNow() {
        Map<String, Long> waiting = new TreeMap<>();
        reasons.forEach((reason, progress) -> {
            long count = progress.waiting().sum();
            if (count > 0) {
                waiting.put(reason.name().toLowerCase(Locale.ROOT), count);
            }
        });
        return waiting;
    }

    /** A connection was reset after the close timeout. */
    void reset(CloseReason reason) {
        of(reason).reset().increment();
    }

    private Progress of(CloseReason reason) {
        return Objects.requireNonNull(reasons.get(reason));
    }
}
