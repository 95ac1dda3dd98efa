package dev.wsroute.proxy.relay;

import dev.wsroute.proxy.drain.CloseQueue;
import java.time.Duration;
import java.util.function.IntSupplier;
import java.util.function.Supplier;

/**
 * What all tunnels of a proxy live by. Values are read when one opens.
 *
 * @param closeTimeout for a frame boundary, and for the peer's answer to Close
 * @param maxBufferedBytes for each direction, how many bytes wait for a slow reader before reading from its peer pauses
 * @param closeQueue where tunnels wait to be closed that reached a limit of their own
 * @param loops what the tunnels of each event loop share
 */
public record TunnelTerms(
        Supplier<Duration> closeTimeout, IntSupplier maxBufferedBytes, CloseQueue closeQueue, PerLoop loops) {}
