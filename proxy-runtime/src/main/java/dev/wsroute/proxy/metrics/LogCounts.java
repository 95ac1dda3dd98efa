package dev.wsroute.proxy.metrics;

import java.util.function.LongSupplier;

/**
 * Log lines that did not reach standard output, since the start.
 *
 * @param accessDropped lines of the access log
 * @param dropped lines of the program's own log
 * @param writeErrors writes that failed, of either
 */
public record LogCounts(LongSupplier accessDropped, LongSupplier dropped, LongSupplier writeErrors) {

    static final LogCounts NONE = new LogCounts(() -> 0, () -> 0, () -> 0);
}
