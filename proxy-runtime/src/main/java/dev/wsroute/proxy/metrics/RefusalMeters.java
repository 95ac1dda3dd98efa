// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Refusals, by reason, status and route. */
final class RefusalMeters {

    private static final int MAX_SERIES = 10_000;

    private final MeterRegistry registry;
    private final Map<Key, Counter> counters = new ConcurrentHashMap<>();

    private record Key(RefusalReason reason, int status, String route) {}

    RefusalMeters(MeterRegistry registry) {
        this.registry = registry;
    }

    void refused(RefusalReason reason, int status, String route) {
        Key key = new Key(reason, status, route);
        Counter counter = counters.get(key);
        if (counter == null && counters.size() < MAX_SERIES) {
            counter = counters.computeIfAbsent(
                    key,
                    absent -> Counter.builder("wsroute.refusals")
                            .description("Requests that the proxy refused and connections that it reset")
                            .tags("reason", reason.label(), "status", String.valueOf(status), "route", route)
                            .register(registry));
        }
        if (counter != null) {
            counter.increment();
        }
    }
}
