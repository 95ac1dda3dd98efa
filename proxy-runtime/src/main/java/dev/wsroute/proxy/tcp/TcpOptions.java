// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.tcp;

import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelException;
import io.netty.channel.unix.IntegerUnixChannelOption;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Options of Linux' sockets (tcp(7), socket(7)), which a listener's connections inherit. On all processors the same numbers. */
public final class TcpOptions {

    private static final int SOL_SOCKET = 1;
    private static final int IPPROTO_TCP = 6;

    /** Whether silent peers are probed. */
    public static final IntegerUnixChannelOption KEEPALIVE = new IntegerUnixChannelOption("KEEPALIVE", SOL_SOCKET, 9);

    /** Whether another socket of the same user that says so too may be bound to the port. */
    public static final IntegerUnixChannelOption REUSEPORT = new IntegerUnixChannelOption("REUSEPORT", SOL_SOCKET, 15);

    /** Bytes go out at once. */
    public static final IntegerUnixChannelOption NODELAY = new IntegerUnixChannelOption("NODELAY", IPPROTO_TCP, 1);

    /** Whether less than a full segment waits for more bytes, or for the end of the output to go with. */
    public static final IntegerUnixChannelOption CORK = new IntegerUnixChannelOption("CORK", IPPROTO_TCP, 3);

    /** Whether segments are acknowledged at once; otherwise with the next data, if that is sent soon. */
    public static final IntegerUnixChannelOption QUICKACK = new IntegerUnixChannelOption("QUICKACK", IPPROTO_TCP, 12);

    /** Seconds of silence before the first probe. */
    public static final IntegerUnixChannelOption KEEPIDLE = new IntegerUnixChannelOption("KEEPIDLE", IPPROTO_TCP, 4);

    /** Seconds from one probe to the next. */
    public static final IntegerUnixChannelOption KEEPINTVL = new IntegerUnixChannelOption("KEEPINTVL", IPPROTO_TCP, 5);

    /** Milliseconds for which bytes may stay unacknowledged, or probes unanswered. */
    public static final IntegerUnixChannelOption USER_TIMEOUT =
            new IntegerUnixChannelOption("USER_TIMEOUT", IPPROTO_TCP, 18);

    private static final Logger LOG = LoggerFactory.getLogger(TcpOptions.class);

    private TcpOptions() {}

    /** Sets an option that only improves performance. Ignores a refusal by the system. */
    public static void prefer(ChannelConfig config, IntegerUnixChannelOption option, int value) {
        try {
            config.setOption(option, value);
        } catch (ChannelException e) {
            LOG.debug("The system does not support {}", option, e);
        }
    }
}
