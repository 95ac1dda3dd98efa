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
final class Keepalive extends KeepaliveRounds.RoundEntry {

    private static final int PROBE_NOW_SECONDS = 1;

    private final Tunnel tunnel;
    private final Channel client;
    private final Channel backend;
    private final Duration writeStall;
    private boolean established;
    private long lastBytes;
    private boolean probing;

    Keepalive(Tunnel tunnel, Channel client, Channel backend, Duration writeStall) {
        this.tunnel = tunnel;
        this.client = client;
        this.backend = backend;
        this.writeStall = writeStall;
    }

    @Override
    void check() {
        if (!established) {
            // Set here and not when the tunnel opens, so that short connections do not cost these system calls.
            established = true;
            if (backend instanceof TcpChannel && backend.isOpen()) {
                Keepalives.options(writeStall)
                        .forEach((option, value) -> backend.config().setOption(option, value));
            }
        }
        long bytes = tunnel.bytes();
        if (bytes == lastBytes) {
            probing = true;
            setIdle(PROBE_NOW_SECONDS);
        } else if (probing) {
            probing = false;
            setIdle(Keepalives.IDLE_SECONDS);
        }
        lastBytes = bytes;
    }

    @Override
    void threw(Throwable cause) {
        tunnel.threw(cause);
    }

    private void setIdle(int seconds) {
        setIdle(client, seconds);
        setIdle(backend, seconds);
    }

    /** Sets the idle time, which the kernel measures from the last received segment. If it has passed, a probe is due now. */
    private static void setIdle(Channel channel, int seconds) {
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
