// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/** Refusals, by reason, status and route, and what would have been refused. */
final class RefusalMeters {

    private static final int MAX_SERIES = 10_000;

    private final MeterRegistry registry;
    private final Map<Key, Counter> refused = new ConcurrentHashMap<>();
    private final Map<Key, Counter> reported = new ConcurrentHashMap<>();

    private record Key(RefusalReason reason, int status, String route) {}

    RefusalMeters(MeterRegistry registry) {
        this.registry = registry;
    }

    void refused(RefusalReason reason, int status, String route) {
        count(
                refused,
                new Key(reason, status, route),
                key -> Counter.builder("wsroute.refusals")
                        .description("Requests that the proxy refused and connections that it reset")
                        .tags("reason", key.reason.label(), "status", String.valueOf(key.status), "route", key.route)
                        .register(registry));
    }

    void reported(RefusalReason reason, String route) {
        count(
                reported,
                new Key(reason, 0, route),
                key -> Counter.builder("wsroute.access.reported")
                        .description(
                                "Requests that were served, and that access rules in mode Enforce would have refused")
                        .tags("reason", key.reason.label(), "route", key.route)
                        .register(registry));
    }

    private static void count(Map<Key, Counter> counters, Key key, Function<Key, Counter> register) {
        Counter counter = counters.get(key);
        if (counter == null && counters.size() < MAX_SERIES) {
            counter = counters.computeIfAbsent(key, register);
        }
        if (counter != null) {
            counter.increment();
        }
    }
}
