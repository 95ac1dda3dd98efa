// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Checks by authorization services, by route. */
final class AuthorizationMeters {

    private static final int MAX_SERIES = 10_000;

    private static final Duration[] BUCKETS = {
        Duration.ofMillis(1),
        Duration.ofMillis(5),
        Duration.ofMillis(20),
        Duration.ofMillis(100),
        Duration.ofMillis(500),
        Duration.ofSeconds(2),
        Duration.ofSeconds(10)
    };

    private final MeterRegistry registry;
    private final Map<Key, Counter> checks = new ConcurrentHashMap<>();
    private final Map<String, Timer> times = new ConcurrentHashMap<>();

    private record Key(String route, AuthorizationOutcome outcome, String failure, AuthorizationSource source) {}

    AuthorizationMeters(MeterRegistry registry) {
        this.registry = registry;
    }

    void checked(
            String route,
            AuthorizationOutcome outcome,
            @Nullable String failure,
            AuthorizationSource source,
            long nanos) {
        Key key = new Key(route, outcome, failure == null ? "" : failure, source);
        Counter counter = checks.get(key);
        if (counter == null && checks.size() < MAX_SERIES) {
            counter = checks.computeIfAbsent(
                    key,
                    absent -> Counter.builder("wsroute.authorization.checks")
                            .description(
                                    "Requests and open WebSockets that an authorization service was to decide about")
                            .tags(
                                    "route",
                                    route,
                                    "outcome",
                                    outcome.label(),
                                    "failure",
                                    key.failure(),
                                    "source",
                                    source.label())
                            .register(registry));
        }
        if (counter != null) {
            counter.increment();
        }
        if (source == AuthorizationSource.SERVICE && times.size() < MAX_SERIES) {
            times.computeIfAbsent(route, absent -> timer(route)).record(nanos, TimeUnit.NANOSECONDS);
        }
    }

    private Timer timer(String route) {
        return Timer.builder("wsroute.authorization.duration")
                .description("How long requests waited for the answer of an authorization service")
                .tag("route", route)
                .serviceLevelObjectives(BUCKETS)
                .register(registry);
    }
}
