package dev.wsroute.proxy.metrics;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;

/** Log lines lost because standard output was too slow or blocked. */
final class LogMeters {

    private volatile LogCounts counts = LogCounts.NONE;

    LogMeters(MeterRegistry registry) {
        // Registered with itself, since the registry references it weakly.
        FunctionCounter.builder(
                        "wsroute.accesslog.dropped",
                        this,
                        self -> self.counts.accessDropped().getAsLong())
                .description("Lines of the access log dropped because standard output was too slow or blocked")
                .register(registry);
        FunctionCounter.builder(
                        "wsroute.log.dropped",
                        this,
                        self -> self.counts.dropped().getAsLong())
                .description("Lines of the proxy's own log dropped because standard output was too slow or blocked")
                .register(registry);
        FunctionCounter.builder(
                        "wsroute.log.write.errors",
                        this,
                        self -> self.counts.writeErrors().getAsLong())
                .description("Writes to standard output and standard error that failed")
                .register(registry);
    }

    void watch(LogCounts watched) {
        counts = watched;
    }
}
