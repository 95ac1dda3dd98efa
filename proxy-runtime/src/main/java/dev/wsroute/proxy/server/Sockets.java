// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.server;

import dev.wsroute.config.RuleConfig.Timeouts;
import dev.wsroute.proxy.memory.EvictingBudget;
import dev.wsroute.proxy.tcp.GatheringOutput;
import dev.wsroute.proxy.tcp.Keepalives;
import dev.wsroute.proxy.tcp.TcpChannel;
import dev.wsroute.proxy.tcp.TcpOptions;
import dev.wsroute.proxy.upstream.BackendDialer;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.function.Consumer;

/** Socket options of client and backend connections. */
final class Sockets {

    private final Transport transport;
    private final Consumer<Channel> dialed;
    private final EvictingBudget buffers;
    private final Map<ChannelOption<?>, Object> options;

    /**
     * @param dialed called for each backend channel before it connects
     * @param buffers budget for the bytes in their outbound buffers
     */
    Sockets(Transport transport, Consumer<Channel> dialed, EvictingBudget buffers) {
        this.transport = transport;
        this.dialed = dialed;
        this.buffers = buffers;
        this.options = transport.options();
    }

    /** Sets up an accepted connection. */
    void accepted(Channel client) {
        options.forEach((option, value) -> set(client, option, value));
        reserve(client);
    }

    private void reserve(Channel channel) {
        if (channel instanceof TcpChannel tcp) {
            tcp.writer().setBudget(buffers);
        } else {
            channel.pipeline().addFirst(new BufferedOutput(buffers));
            GatheringOutput.setBudget(channel, buffers);
        }
    }

    /** Sets options on a listener that accepted sockets inherit, which saves a system call per connection. */
    void listens(Channel listener) {
        if (transport == Transport.EPOLL) {
            listener.config().setOption(TcpOptions.NODELAY, 1);
            Keepalives.options(Timeouts.DEFAULT.writeStall())
                    .forEach((option, value) -> listener.config().setOption(option, value));
        }
    }

    /** Sets TCP_USER_TIMEOUT, where available, to the value of the tunnel's rule. */
    void limitUnacknowledged(Channel channel, Timeouts timeouts) {
        int millis = Keepalives.userTimeoutMillis(timeouts.writeStall());
        if (transport == Transport.EPOLL && millis != Keepalives.userTimeoutMillis(Timeouts.DEFAULT.writeStall())) {
            channel.config().setOption(TcpOptions.USER_TIMEOUT, millis);
        }
    }

    /** A dialer for plain requests. */
    BackendDialer dialer(Timeouts timeouts) {
        return (loop, address) -> dial(loop, address, timeouts, true);
    }

    /** A dialer for handshakes, without TCP keepalive: tunnels detect dead peers themselves. */
    BackendDialer tunnelDialer(Timeouts timeouts) {
        return (loop, address) -> dial(loop, address, timeouts, false);
    }

    private ChannelFuture dial(EventLoop loop, InetSocketAddress address, Timeouts timeouts, boolean keepalive) {
        Channel channel = transport.newConnection(address);
        channel.config().setConnectTimeoutMillis(millis(timeouts.connect()));
        options.forEach((option, value) -> set(channel, option, value));
        if (transport == Transport.EPOLL) {
            channel.config().setOption(TcpOptions.NODELAY, 1);
            // We send first, so the ACK of the TCP handshake goes out with the request.
            TcpOptions.prefer(channel.config(), TcpOptions.QUICKACK, 0);
            if (keepalive) {
                Keepalives.options(timeouts.writeStall())
                        .forEach((option, value) -> channel.config().setOption(option, value));
            }
        }
        reserve(channel);
        loop.register(channel);
        dialed.accept(channel);
        return channel.connect(address);
    }

    private static int millis(Duration duration) {
        return (int) Math.max(1, Math.min(Integer.MAX_VALUE, duration.toMillis()));
    }

    /** Unchecked, for options from a map of mixed types. */
    @SuppressWarnings("unchecked")
    static <T> void set(Channel channel, ChannelOption<?> option, Object value) {
        channel.config().setOption((ChannelOption<T>) option, (T) value);
    }
}
