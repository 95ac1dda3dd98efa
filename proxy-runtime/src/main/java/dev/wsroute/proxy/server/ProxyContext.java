// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.server;

import dev.wsroute.proxy.accesslog.AccessLogSink;
import dev.wsroute.proxy.drain.CloseQueue;
import dev.wsroute.proxy.drain.ConnectionRegistry;
import dev.wsroute.proxy.memory.MemoryBudgets;
import dev.wsroute.proxy.metrics.ProxyMetrics;
import dev.wsroute.proxy.snapshot.Snapshot;
import java.time.Duration;
import java.util.function.Supplier;

/**
 * The dependencies of a {@link ProxyServer}.
 *
 * @param snapshot the current configuration
 * @param connections the open tunnels
 * @param metrics receives all events
 * @param accessLog receives an entry per exchange
 * @param keepaliveRound how often the peers of a silent tunnel are pinged
 * @param closeQueue where tunnels wait to be closed that reached a limit of their own
 * @param memory limits on the memory of all connections together
 */
public record ProxyContext(
        Supplier<Snapshot> snapshot,
        ConnectionRegistry connections,
        ProxyMetrics metrics,
        AccessLogSink accessLog,
        Duration keepaliveRound,
        CloseQueue closeQueue,
        MemoryBudgets memory) {

    /**
     * Rare enough to spare mobile clients' batteries, and frequent enough to detect a vanished peer within about three
     * minutes.
     */
    public static final Duration KEEPALIVE_ROUND = Duration.ofSeconds(30);
}
