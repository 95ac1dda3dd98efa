package dev.wsroute.proxy.relay;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.socket.nio.NioChannelOption;
import jdk.net.ExtendedSocketOptions;

/**
 * Finds out whether the peers of a silent tunnel are still there: by TCP keepalive, whose probes the kernel sends and
 * judges, but when it is this tunnel's turn.
 *
 * <p>The kernel's own timers (tcp(7), {@code TCP_KEEPIDLE}) are coarse: at 250 ticks a second, those of more than 16 s
 * go off together for all sockets that fell silent within the same two seconds. Loopback and veth take a thousand
 * packets at a time ({@code net.core.netdev_max_backlog}); probes beyond that are lost, the next ones again, and
 * peers that live are taken for dead. So sockets have a longer idle time than a round takes, and a tunnel in which
 * nothing passed for a round is made due at once.
 */
public final class Keepalive extends KeepaliveRounds.Entry {

    /** Socket option {@code TCP_KEEPIDLE} until then, in seconds: what no silent socket of a tunnel reaches. */
    public static final int IDLE_SECONDS = 75;

    /**
     * Socket option {@code TCP_KEEPINTVL}, in seconds: longer than a round, so that the next probe is the next round's.
     */
    public static final int INTERVAL_SECONDS = 40;

    private static final int AT_ONCE_SECONDS = 1;

    private final Tunnel tunnel;
    private final Channel client;
    private final Channel backend;
    private long passed;
    private boolean probing;

    Keepalive(Tunnel tunnel, Channel client, Channel backend) {
        this.tunnel = tunnel;
        this.client = client;
        this.backend = backend;
    }

    @Override
    void visit() {
        long now = tunnel.bytes();
        if (now == passed) {
            probing = true;
            idle(AT_ONCE_SECONDS);
        } else if (probing) {
            probing = false;
            idle(IDLE_SECONDS);
        }
        passed = now;
    }

    private void idle(int seconds) {
        idle(client, seconds);
        idle(backend, seconds);
    }

    /** The kernel measures from the last segment that it received; a time that has passed already is due at once. */
    private static void idle(Channel channel, int seconds) {
        if (channel.isOpen()) {
            channel.config().setOption(option(channel), seconds);
        }
    }

    private static ChannelOption<Integer> option(Channel channel) {
        return channel instanceof EpollSocketChannel
                ? EpollChannelOption.TCP_KEEPIDLE
                : NioChannelOption.of(ExtendedSocketOptions.TCP_KEEPIDLE);
    }
}
