// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.metrics;

import dev.wsroute.config.ConnectionRules.RateAction;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.LongAdder;

/** What a backend's clients do that send faster than they may. */
final class RateMeters {

    private final MeterRegistry registry;
    private final LongAdder paused = new LongAdder();
    private final LongAdder closed = new LongAdder();
    private final LongAdder waitedNanos = new LongAdder();
    private final List<Meter> meters = new ArrayList<>();

    RateMeters(MeterRegistry registry, Tags tags) {
        this.registry = registry;
        for (RateAction action : RateAction.values()) {
            meters.add(FunctionCounter.builder("wsroute.rate.exceeded", of(action), LongAdder::sum)
                    .description("WebSocket connections whose client has sent faster than its rule allows")
                    .tags(tags.and("action", action.name().toLowerCase(Locale.ROOT)))
                    .register(registry));
        }
        meters.add(FunctionCounter.builder("wsroute.rate.paused.seconds", waitedNanos, nanos -> nanos.sum() / 1e9)
                .description("Duration of ended pauses in reading because clients send faster than their rule allows")
                .tags(tags)
                .register(registry));
    }

    private LongAdder of(RateAction action) {
        return action == RateAction.Pause ? paused : closed;
    }

    void exceeded(RateAction action) {
        of(action).increment();
    }

    void waited(long nanos) {
        waitedNanos.add(nanos);
    }

    void remove() {
        meters.forEach(registry::remove);
    }
}
