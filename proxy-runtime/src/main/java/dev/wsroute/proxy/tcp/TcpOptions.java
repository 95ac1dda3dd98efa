// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.tcp;

import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelException;
import io.netty.channel.unix.IntegerUnixChannelOption;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Linux socket options (tcp(7), socket(7)) that a listener's connections inherit. The numbers are the same on all CPUs. */
public final class TcpOptions {

    private static final int SOL_SOCKET = 1;
    private static final int IPPROTO_TCP = 6;

    /** Whether silent peers are probed. */
    public static final IntegerUnixChannelOption KEEPALIVE = new IntegerUnixChannelOption("KEEPALIVE", SOL_SOCKET, 9);

    /** Whether other sockets of the same user that also set it may be bound to the port. */
    public static final IntegerUnixChannelOption REUSEPORT = new IntegerUnixChannelOption("REUSEPORT", SOL_SOCKET, 15);

    /** Whether bytes are sent at once (no Nagle algorithm). */
    public static final IntegerUnixChannelOption NODELAY = new IntegerUnixChannelOption("NODELAY", IPPROTO_TCP, 1);

    /** Whether a partial segment is held back until there are more bytes or the output ends. */
    public static final IntegerUnixChannelOption CORK = new IntegerUnixChannelOption("CORK", IPPROTO_TCP, 3);

    /** Whether segments are acknowledged at once. Otherwise the next data carries the acknowledgement if it is sent soon. */
    public static final IntegerUnixChannelOption QUICKACK = new IntegerUnixChannelOption("QUICKACK", IPPROTO_TCP, 12);

    /** Value of {@link #QUICKACK}: acknowledges what was received now, and later segments with the next data again. */
    public static final int ACKNOWLEDGE_ONCE = 2;

    /** Seconds of silence before the first probe. */
    public static final IntegerUnixChannelOption KEEPIDLE = new IntegerUnixChannelOption("KEEPIDLE", IPPROTO_TCP, 4);

    /** Seconds from one probe to the next. */
    public static final IntegerUnixChannelOption KEEPINTVL = new IntegerUnixChannelOption("KEEPINTVL", IPPROTO_TCP, 5);

    /** Milliseconds for which bytes may stay unacknowledged or probes unanswered. */
    public static final IntegerUnixChannelOption USER_TIMEOUT =
            new IntegerUnixChannelOption("USER_TIMEOUT", IPPROTO_TCP, 18);

    private static final Logger LOG = LoggerFactory.getLogger(TcpOptions.class);

    private TcpOptions() {}

    /** Sets an option that only improves performance. An error is ignored. */
    public static void prefer(ChannelConfig config, IntegerUnixChannelOption option, int value) {
        try {
            config.setOption(option, value);
        } catch (ChannelException e) {
            LOG.debug("The system does not support {}", option, e);
        }
    }
}
