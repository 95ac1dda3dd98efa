// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.relay;

import java.time.Duration;

/**
 * Limits of both sides of a tunnel.
 *
 * @param writeStall how long a side may read nothing while bytes are queued for it
 * @param closeTimeout time for a frame boundary and for the peer's answer to Close
 * @param maxBufferedBytes limit of bytes queued for one side above which the other is not read
 * @param buffer of the event loop
 */
record RelayLimits(Duration writeStall, Duration closeTimeout, int maxBufferedBytes, LoopBuffer buffer) {}
