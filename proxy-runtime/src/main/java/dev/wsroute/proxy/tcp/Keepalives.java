// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.tcp;

import io.netty.channel.unix.IntegerUnixChannelOption;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/** The socket options with which the kernel detects dead peers. */
public final class Keepalives {

    /** Option {@code TCP_KEEPIDLE}, in seconds: silent tunnels are probed in rounds before it is reached. */
    public static final int IDLE_SECONDS = 75;

    /** Option {@code TCP_KEEPINTVL}, in seconds: longer than a round, so that the next probe is the next round's. */
    public static final int INTERVAL_SECONDS = 40;

    /** So many probes that are lost in a row are a dead peer; where there is no TCP_USER_TIMEOUT, that is. */
    public static final int PROBES = 4;

    /**
     * How much later than the write stall timeout, which the proxy measures itself and counts, the kernel gives up a
     * connection whose peer acknowledges nothing.
     */
    private static final Duration MARGIN = Duration.ofSeconds(10);

    /**
     * But not before this: TCP_USER_TIMEOUT takes the place of TCP_KEEPCNT (tcp(7)), and where it is short, a connection
     * ends with the first keepalive probe that gets lost. Four have to, in rounds of half a minute.
     */
    private static final Duration SHORTEST_USER_TIMEOUT = Duration.ofSeconds(160);

    private Keepalives() {}

    /** @param writeStall for how long a reader may take no byte */
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
     * @param writeStall for how long a reader may take no byte
     */
    public static int userTimeoutMillis(Duration writeStall) {
        Duration stalled = writeStall.plus(MARGIN);
        Duration longer = stalled.compareTo(SHORTEST_USER_TIMEOUT) > 0 ? stalled : SHORTEST_USER_TIMEOUT;
        return (int) Math.min(Integer.MAX_VALUE, longer.toMillis());
    }
}
