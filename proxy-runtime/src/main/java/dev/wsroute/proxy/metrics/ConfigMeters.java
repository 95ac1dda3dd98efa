// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.metrics;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** Meters of applied and refused configurations. */
final class ConfigMeters {

    private final LongAdder applied = new LongAdder();
    private final Map<RefusedConfig, LongAdder> refused = new LinkedHashMap<>();
    private final AtomicLong ignoredFields = new AtomicLong();
    private final AtomicLong inForce = new AtomicLong();
    private volatile @Nullable RefusedConfig stale;

    ConfigMeters(MeterRegistry registry) {
        FunctionCounter.builder("wsroute.config.applied", applied, LongAdder::sum)
                .description("Configurations applied")
                .register(registry);
        for (RefusedConfig cause : RefusedConfig.values()) {
            LongAdder count = new LongAdder();
            refused.put(cause, count);
            FunctionCounter.builder("wsroute.config.refused", count, LongAdder::sum)
                    .description("Configurations refused")
                    .tags("cause", cause.label())
                    .register(registry);
            Gauge.builder("wsroute.config.stale", () -> stale == cause ? 1 : 0)
                    .description("1 while the newest configuration is refused and the previous one stays in effect")
                    .tags("cause", cause.label())
                    .register(registry);
        }
        Gauge.builder("wsroute.config.ignored.fields", ignoredFields, AtomicLong::get)
                .description("Ignored unknown fields in the current configuration")
                .register(registry);
        Gauge.builder("wsroute.config.generation", inForce, AtomicLong::get)
                .description("Generation of the current configuration")
                .register(registry);
    }

    void applied(long generation, int ignored) {
        applied.increment();
        ignoredFields.set(ignored);
        inForce.set(generation);
        stale = null;
    }

    void refused(RefusedConfig cause) {
        Objects.requireNonNull(refused.get(cause)).increment();
        stale = cause;
    }
}
