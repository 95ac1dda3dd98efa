package dev.wsroute.proxy.http.client;

import dev.wsroute.proxy.accesslog.AccessLog;
import dev.wsroute.proxy.http.request.LoopDetection;
import dev.wsroute.proxy.memory.MemoryBudgets;
import dev.wsroute.proxy.metrics.ProxyMetrics;
import dev.wsroute.proxy.snapshot.Snapshot;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * What every client's connection works with.
 *
 * @param snapshot of the newest configuration
 * @param memory what all connections together may hold
 * @param loops finds requests that come back
 * @param leaving true from the moment that the proxy shuts down: connections end after their response
 * @param finishing true from the moment that it no longer accepts: connections that wait end
 */
public record HttpSettings(
        Supplier<Snapshot> snapshot,
        ExchangeFactory exchanges,
        ProxyMetrics metrics,
        AccessLog accessLog,
        MemoryBudgets memory,
        LoopDetection loops,
        BooleanSupplier leaving,
        BooleanSupplier finishing) {}
