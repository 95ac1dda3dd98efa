// SPDX-License-Identifier: Apache-2.0
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
 * Checks whether the peers of a silent tunnel are alive, by TCP keepalive. The kernel sends and evaluates the probes,
 * but {@link KeepaliveRounds} decides when.
 *
 * <p>The kernel's timers (tcp(7), {@code TCP_KEEPIDLE}) are coarse: at 250 Hz, those longer than 16 s fire together for
 * all sockets that became silent within two seconds. Loopback and veth queue a thousand packets ({@code
 * net.core.netdev_max_backlog}); further probes are lost repeatedly, and live peers are considered dead. So the idle
 * time of sockets is longer than a round, and a tunnel that was silent for a round is made due at once.
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
            // Set late, so that short connections do not cost these system calls.
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

    /** The kernel measures from the last received segment. A time in the past is due at once. */
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
