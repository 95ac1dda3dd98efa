// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.report;

import java.util.function.LongSupplier;

/**
 * The load of a proxy now. The suppliers must not block.
 *
 * @param connections live WebSockets
 * @param handshakes upgrades in progress
 * @param refused connections and upgrades that limits of the proxy have refused since the process started
 * @param cpu of the process
 */
public record LoadCounts(LongSupplier connections, LongSupplier handshakes, LongSupplier refused, CpuUsage cpu) {}
