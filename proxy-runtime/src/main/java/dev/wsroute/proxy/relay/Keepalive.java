package dev.wsroute.proxy.relay;

import dev.wsroute.proxy.tcp.Keepalives;
import dev.wsroute.proxy.tcp.TcpChannel;
import dev.wsroute.proxy.tcp.TcpOptions;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.nio.NioChannelOption;
import java.time.Duration;
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
final class Keepalive extends KeepaliveRounds.Entry {

    private static final int AT_ONCE_SECONDS = 1;

    private final Tunnel tunnel;
    private final Channel client;
    private final Channel backend;
    private final Duration writeStall;
    private boolean lives;
    private long passed;
    private boolean probing;

    Keepalive(Tunnel tunnel, Channel client, Channel backend, Duration writeStall) {
        this.tunnel = tunnel;
        this.client = client;
        this.backend = backend;
        this.writeStall = writeStall;
    }

    @Override
    void visit() {
        if (!lives) {
            // Not before: connections that end soon are spared these system calls.
            lives = true;
            if (backend instanceof TcpChannel && backend.isOpen()) {
                Keepalives.options(writeStall)
                        .forEach((option, value) -> backend.config().setOption(option, value));
            }
        }
        long now = tunnel.bytes();
        if (now == passed) {
            probing = true;
            idle(AT_ONCE_SECONDS);
        } else if (probing) {
            probing = false;
            idle(Keepalives.IDLE_SECONDS);
        }
        passed = now;
    }

    @Override
    void threw(Throwable cause) {
        tunnel.threw(cause);
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
        return channel instanceof TcpChannel
                ? TcpOptions.KEEPIDLE
                : NioChannelOption.of(ExtendedSocketOptions.TCP_KEEPIDLE);
    }
}
