package dev.wsroute.proxy.server;

import dev.wsroute.proxy.drain.ConnectionRegistry;
import dev.wsroute.proxy.drain.Turns;
import dev.wsroute.proxy.http.Snapshot;
import dev.wsroute.proxy.memory.MemoryBudgets;
import dev.wsroute.proxy.metrics.AccessLog;
import dev.wsroute.proxy.metrics.ProxyMetrics;
import java.time.Duration;
import java.util.function.Supplier;

/**
 * What a {@link ProxyServer} works with.
 *
 * @param snapshot of the newest configuration
 * @param connections where open tunnels are listed
 * @param metrics hears what happens
 * @param accessLog takes a line an exchange
 * @param keepaliveRound how often the peers of a silent tunnel are probed
 * @param turns where tunnels wait that their own limits end
 * @param memory what all connections together may hold
 */
public record ProxyContext(
        Supplier<Snapshot> snapshot,
        ConnectionRegistry connections,
        ProxyMetrics metrics,
        AccessLog accessLog,
        Duration keepaliveRound,
        Turns turns,
        MemoryBudgets memory) {

    /**
     * As often as that a probe costs a mobile client's battery little, and a peer that is gone is given up within about
     * three minutes.
     */
    public static final Duration KEEPALIVE_ROUND = Duration.ofSeconds(30);
}
