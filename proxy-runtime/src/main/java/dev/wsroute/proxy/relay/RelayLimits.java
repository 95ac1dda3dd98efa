package dev.wsroute.proxy.relay;

import java.time.Duration;

/**
 * Limits that apply to both ends of a tunnel.
 *
 * @param writeStall how long one may take no byte while some wait for it
 * @param closeTimeout for a frame boundary, and for the peer's answer to Close
 * @param maxBufferedBytes as soon as more wait for one, the other is not read
 * @param buffer of the event loop
 */
record RelayLimits(Duration writeStall, Duration closeTimeout, int maxBufferedBytes, LoopBuffer buffer) {}
