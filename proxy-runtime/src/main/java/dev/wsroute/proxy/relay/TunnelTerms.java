package dev.wsroute.proxy.relay;

import dev.wsroute.proxy.drain.Turns;
import java.time.Duration;
import java.util.function.IntSupplier;
import java.util.function.Supplier;

/**
 * What all tunnels of a proxy live by. Values are read when one opens.
 *
 * @param closeTimeout for a frame boundary, and for the peer's answer to Close
 * @param maxBufferedBytes for each direction, how many bytes wait for a slow reader before reading from its peer pauses
 * @param turns where those wait that their own limits end
 * @param loops what the tunnels of each event loop share
 */
public record TunnelTerms(Supplier<Duration> closeTimeout, IntSupplier maxBufferedBytes, Turns turns, PerLoop loops) {}
