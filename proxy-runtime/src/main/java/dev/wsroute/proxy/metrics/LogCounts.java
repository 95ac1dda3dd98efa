// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.metrics;

import java.util.function.LongSupplier;

/**
 * Numbers of log lines lost since the start.
 *
 * @param accessDropped dropped access log lines
 * @param dropped dropped program log lines
 * @param writeErrors failed writes of either log
 */
public record LogCounts(LongSupplier accessDropped, LongSupplier dropped, LongSupplier writeErrors) {

    static final LogCounts NONE = new LogCounts(() -> 0, () -> 0, () -> 0);
}
