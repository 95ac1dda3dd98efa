// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.relay;

import dev.wsroute.proxy.drain.CloseQueue;
import java.time.Duration;
import java.util.function.IntSupplier;
import java.util.function.Supplier;

/**
 * Settings of all tunnels. Values are read when a tunnel opens.
 *
 * @param closeTimeout time for a frame boundary and for the peer's answer to Close
 * @param maxBufferedBytes per direction, number of bytes queued for a slow reader above which reading pauses
 * @param closeQueue closes tunnels that have reached one of their own limits, at a bounded rate
 * @param loops objects that the tunnels of each event loop share
 */
public record TunnelTerms(
        Supplier<Duration> closeTimeout, IntSupplier maxBufferedBytes, CloseQueue closeQueue, PerLoop loops) {}
