// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.metrics;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;

/** Log lines lost because standard output was too slow or blocked. */
final class LogMeters {

    private volatile LogCounts counts = LogCounts.NONE;

    LogMeters(MeterRegistry registry) {
        // The registry holds the object weakly, so the meter references it too.
        FunctionCounter.builder(
                        "wsroute.accesslog.dropped",
                        this,
                        self -> self.counts.accessDropped().getAsLong())
                .description("Access log lines dropped because standard output was too slow or blocked")
                .register(registry);
        FunctionCounter.builder(
                        "wsroute.log.dropped",
                        this,
                        self -> self.counts.dropped().getAsLong())
                .description("Program log lines dropped because standard output was too slow or blocked")
                .register(registry);
        FunctionCounter.builder(
                        "wsroute.log.write.errors",
                        this,
                        self -> self.counts.writeErrors().getAsLong())
                .description("Failed writes to standard output and standard error")
                .register(registry);
    }

    void watch(LogCounts watched) {
        counts = watched;
    }
}
