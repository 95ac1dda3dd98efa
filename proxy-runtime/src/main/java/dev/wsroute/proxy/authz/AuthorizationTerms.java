// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.authz;

import dev.wsroute.config.ExternalAuthorization;
import dev.wsroute.proxy.memory.MemoryBudgets;
import dev.wsroute.proxy.metrics.ProxyMetrics;
import dev.wsroute.proxy.upstream.BackendDialer;
import java.util.function.LongSupplier;

/**
 * What the client of one service needs.
 *
 * @param config settings in the document
 * @param dialer opens its connections
 * @param memory budgets for TLS and unfinished heads
 * @param nanoTime as {@link System#nanoTime}
 */
record AuthorizationTerms(
        ExternalAuthorization config,
        BackendDialer dialer,
        MemoryBudgets memory,
        ProxyMetrics metrics,
        ClientLimits limits,
        LongSupplier nanoTime) {}
