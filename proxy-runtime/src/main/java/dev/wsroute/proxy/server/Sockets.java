package dev.wsroute.proxy.server;

import dev.wsroute.config.RuleConfig.Timeouts;
import dev.wsroute.proxy.memory.EvictingBudget;
import dev.wsroute.proxy.tcp.GatheringOutput;
import dev.wsroute.proxy.tcp.Keepalives;
import dev.wsroute.proxy.tcp.TcpChannel;
import dev.wsroute.proxy.tcp.TcpOptions;
import dev.wsroute.proxy.upstream.BackendDialer;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.function.Consumer;

/** Options of clients' and backends' connections. */
final class Sockets {

    private final Transport transport;
    private final Consumer<Channel> dialed;
    private final EvictingBudget buffers;
    private final Map<ChannelOption<?>, Object> options;

    /**
     * @param dialed hears of every connection to a backend before it is connected
     * @param buffers of which is reserved what waits in them
     */
    Sockets(Transport transport, Consumer<Channel> dialed, EvictingBudget buffers) {
        this.transport = transport;
        this.dialed = dialed;
        this.buffers = buffers;
        this.options = transport.options();
    }

    /** Prepares an accepted connection. */
    void accepted(Channel client) {
        options.forEach((option, value) -> set(client, option, value));
        reserve(client);
    }

    private void reserve(Channel channel) {
        if (channel instanceof TcpChannel tcp) {
            tcp.reserveOf(buffers);
        } else {
            channel.pipeline().addFirst(new BufferedOutput(buffers));
            GatheringOutput.reserveOf(channel, buffers);
        }
    }

    /** Prepares a listener for those that it will accept: set once, it costs them no system call. */
    void listens(ServerBootstrap listener) {
        if (transport == Transport.EPOLL) {
            listener.option(TcpOptions.NODELAY, 1);
            Keepalives.options(Timeouts.DEFAULT.writeStall()).forEach(listener::option);
        }
    }

    /** Adapts TCP_USER_TIMEOUT, where there is one, to the rule that a tunnel is opened by. */
    void limitUnacknowledged(Channel channel, Timeouts timeouts) {
        int millis = Keepalives.userTimeoutMillis(timeouts.writeStall());
        if (transport == Transport.EPOLL && millis != Keepalives.userTimeoutMillis(Timeouts.DEFAULT.writeStall())) {
            channel.config().setOption(TcpOptions.USER_TIMEOUT, millis);
        }
    }

    /** For plain requests. */
    BackendDialer dialer(Timeouts timeouts) {
        return (loop, address) -> dial(loop, address, timeouts, true);
    }

    /** For handshakes: a tunnel looks for dead peers by itself, once it lives for longer. */
    BackendDialer tunnelDialer(Timeouts timeouts) {
        return (loop, address) -> dial(loop, address, timeouts, false);
    }

    private ChannelFuture dial(EventLoop loop, InetSocketAddress address, Timeouts timeouts, boolean keepalive) {
        Channel channel = transport.newConnection(address);
        channel.config().setConnectTimeoutMillis(millis(timeouts.connect()));
        options.forEach((option, value) -> set(channel, option, value));
        if (transport == Transport.EPOLL) {
            channel.config().setOption(TcpOptions.NODELAY, 1);
            // We speak first: what completes the connection goes with the request.
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

    /** Closes such that the peer sees a reset; on the channel's event loop. */
    static void reset(Channel channel) {
        if (channel.isOpen()) {
            channel.config().setOption(ChannelOption.SO_LINGER, 0);
            channel.close();
        }
    }

    private static int millis(Duration duration) {
        return (int) Math.max(1, Math.min(Integer.MAX_VALUE, duration.toMillis()));
    }

    /** For options whose values' types are as diverse as those of a map. */
    @SuppressWarnings("unchecked")
    static <T> void set(ServerBootstrap listener, ChannelOption<T> option, Object value) {
        listener.option(option, (T) value);
    }

    @SuppressWarnings("unchecked")
    static <T> void set(Channel channel, ChannelOption<?> option, Object value) {
        channel.config().setOption((ChannelOption<T>) option, (T) value);
    }
}
