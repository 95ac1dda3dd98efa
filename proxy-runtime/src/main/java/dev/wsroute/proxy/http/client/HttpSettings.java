// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.http.client;

import dev.wsroute.proxy.accesslog.AccessLogSink;
import dev.wsroute.proxy.http.request.LoopDetection;
import dev.wsroute.proxy.memory.MemoryBudgets;
import dev.wsroute.proxy.metrics.ProxyMetrics;
import dev.wsroute.proxy.snapshot.Snapshot;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * The dependencies of client connections.
 *
 * @param snapshot the current configuration
 * @param memory memory budgets of all connections together
 * @param loops detects loops
 * @param handshakes counts failed TLS handshakes
 * @param leaving true once the shutdown has begun: connections close after their response
 * @param finishing true once the listeners are closed: idle connections close
 */
public record HttpSettings(
        Supplier<Snapshot> snapshot,
        ExchangeFactory exchanges,
        ProxyMetrics metrics,
        AccessLogSink accessLog,
        MemoryBudgets memory,
        LoopDetection loops,
        HandshakeFailures handshakes,
        BooleanSupplier leaving,
        BooleanSupplier finishing) {}
