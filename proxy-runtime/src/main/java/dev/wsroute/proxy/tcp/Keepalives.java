// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.tcp;

import io.netty.channel.unix.IntegerUnixChannelOption;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/** The socket options with which the kernel detects dead peers. */
public final class Keepalives {

    /** Option {@code TCP_KEEPIDLE}, in seconds. Longer than a round, so that a silent tunnel is probed in its round first. */
    public static final int IDLE_SECONDS = 75;

    /** Option {@code TCP_KEEPINTVL}, in seconds. Longer than a round, so that the next round sends the next probe. */
    public static final int INTERVAL_SECONDS = 40;

    /** Number of lost probes in a row after which a peer is dead. Used where there is no TCP_USER_TIMEOUT. */
    public static final int PROBES = 4;

    /**
     * How much longer than the write stall timeout the kernel waits for a peer that acknowledges nothing. The proxy's own
     * timeout must come first, since only that is counted.
     */
    private static final Duration MARGIN = Duration.ofSeconds(10);

    /**
     * Lower bound of TCP_USER_TIMEOUT. The option overrides TCP_KEEPCNT (tcp(7)): if it were short, one lost keepalive
     * probe would end a connection. This allows for four, in rounds of half a minute.
     */
    private static final Duration SHORTEST_USER_TIMEOUT = Duration.ofSeconds(160);

    private Keepalives() {}

    /** @param writeStall how long a peer may read nothing */
    public static Map<IntegerUnixChannelOption, Integer> options(Duration writeStall) {
        Map<IntegerUnixChannelOption, Integer> options = new LinkedHashMap<>();
        options.put(TcpOptions.KEEPIDLE, IDLE_SECONDS);
        options.put(TcpOptions.KEEPINTVL, INTERVAL_SECONDS);
        options.put(TcpOptions.USER_TIMEOUT, userTimeoutMillis(writeStall));
        options.put(TcpOptions.KEEPALIVE, 1);
        return options;
    }

    /**
     * Option {@code TCP_USER_TIMEOUT}.
     *
     * @param writeStall how long a peer may read nothing
     */
    public static int userTimeoutMillis(Duration writeStall) {
        Duration stalled = writeStall.plus(MARGIN);
        Duration longer = stalled.compareTo(SHORTEST_USER_TIMEOUT) > 0 ? stalled : SHORTEST_USER_TIMEOUT;
        return (int) Math.min(Integer.MAX_VALUE, longer.toMillis());
    }
}
