package dev.wsroute.proxy.metrics;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;

/** What is lost of the logs while standard output takes them too slowly, or not at all. */
final class LogMeters {

    private volatile LogCounts counts = LogCounts.NONE;

    LogMeters(MeterRegistry registry) {
        // Of itself: the registry holds what it asks weakly.
        FunctionCounter.builder(
                        "wsroute.accesslog.dropped",
                        this,
                        self -> self.counts.accessDropped().getAsLong())
                .description("Lines of the access log that were dropped, since standard output did not take them")
                .register(registry);
        FunctionCounter.builder(
                        "wsroute.log.dropped",
                        this,
                        self -> self.counts.dropped().getAsLong())
                .description("Lines of the proxy's own log that were dropped, since standard output did not take them")
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
