// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.metrics;

import dev.wsroute.admin.Drops;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.ToDoubleFunction;

/** Connections that the admin port and the probe port reset. */
final class AdminMeters {

    private AdminMeters() {}

    /** @param port {@code admin} or {@code probe} */
    static void register(MeterRegistry registry, String port, Drops drops) {
        counter(registry, port, "crowded_out", drops, Drops::evicted);
        counter(registry, port, "too_slow", drops, Drops::tooSlow);
    }

    private static void counter(
            MeterRegistry registry, String port, String reason, Drops drops, ToDoubleFunction<Drops> count) {
        FunctionCounter.builder("wsroute.admin.connections.dropped", drops, count)
                .description("Connections to the admin port or the probe port that were reset")
                .tag("port", port)
                .tag("reason", reason)
                .register(registry);
    }
}
