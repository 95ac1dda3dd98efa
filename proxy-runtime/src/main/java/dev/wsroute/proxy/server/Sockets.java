package dev.wsroute.proxy.server;

import dev.wsroute.config.RuleConfig.Timeouts;
import dev.wsroute.proxy.upstream.BackendDialer;
import io.netty.bootstrap.AbstractBootstrap;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.resolver.NoopAddressResolverGroup;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.function.Consumer;

/** Options of clients' and backends' connections. */
final class Sockets {

    /**
     * How much later than the write stall timeout, which the proxy measures itself and counts, the kernel gives up a
     * connection whose peer acknowledges nothing.
     */
    private static final Duration KERNEL_MARGIN = Duration.ofSeconds(10);

    /**
     * But not before this: TCP_USER_TIMEOUT takes the place of TCP_KEEPCNT (tcp(7)), and where it is short, a connection
     * ends with the first keepalive probe that gets lost. Four have to, in rounds of half a minute.
     */
    private static final Duration SHORTEST_USER_TIMEOUT = Duration.ofSeconds(160);

    private final Transport transport;
    private final Consumer<Channel> dialed;
    private final Map<ChannelOption<?>, Object> acceptedOptions;

    /**
     * @param dialed hears of every connection to a backend before it is connected
     */
    Sockets(Transport transport, Consumer<Channel> dialed) {
        this.transport = transport;
        this.dialed = dialed;
        this.acceptedOptions = transport.acceptedOptions();
    }

    /** Prepares an accepted connection. */
    void accepted(Channel client) {
        for (Map.Entry<ChannelOption<?>, Object> option : acceptedOptions.entrySet()) {
            set(client, option.getKey(), option.getValue());
        }
    }

    /** Prepares a listener for those that it will accept. */
    void listens(ServerBootstrap listener) {
        for (Map.Entry<ChannelOption<?>, Object> option :
                transport.inheritedOptions(userTimeout(Timeouts.DEFAULT)).entrySet()) {
            option(listener, option.getKey(), option.getValue());
        }
    }

    /** Adapts TCP_USER_TIMEOUT, where there is one, to the rule that a tunnel is opened by. */
    void limitUnacknowledged(Channel channel, Timeouts timeouts) {
        if (transport == Transport.EPOLL && userTimeout(timeouts) != userTimeout(Timeouts.DEFAULT)) {
            channel.config().setOption(EpollChannelOption.TCP_USER_TIMEOUT, userTimeout(timeouts));
        }
    }

    BackendDialer dialer(Timeouts timeouts) {
        return (loop, address) -> dial(loop, address, timeouts);
    }

    private ChannelFuture dial(EventLoop loop, InetSocketAddress address, Timeouts timeouts) {
        Bootstrap bootstrap = new Bootstrap()
                .group(loop)
                .channel(transport.socketChannel())
                .resolver(NoopAddressResolverGroup.INSTANCE)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, millis(timeouts.connect()))
                .handler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        // What speaks to the backend is added once it is connected.
                        dialed.accept(channel);
                    }
                });
        for (Map.Entry<ChannelOption<?>, Object> option :
                transport.dialedOptions(userTimeout(timeouts)).entrySet()) {
            option(bootstrap, option.getKey(), option.getValue());
        }
        return bootstrap.connect(address);
    }

    /** Closes such that the peer sees a reset; on the channel's event loop. */
    static void reset(Channel channel) {
        if (channel.isOpen()) {
            channel.config().setOption(ChannelOption.SO_LINGER, 0);
            channel.close();
        }
    }

    private static int userTimeout(Timeouts timeouts) {
        Duration stalled = timeouts.writeStall().plus(KERNEL_MARGIN);
        return millis(stalled.compareTo(SHORTEST_USER_TIMEOUT) > 0 ? stalled : SHORTEST_USER_TIMEOUT);
    }

    private static int millis(Duration duration) {
        return (int) Math.max(1, Math.min(Integer.MAX_VALUE, duration.toMillis()));
    }

    @SuppressWarnings("unchecked")
    private static <T> void set(Channel channel, ChannelOption<?> option, Object value) {
        channel.config().setOption((ChannelOption<T>) option, (T) value);
    }

    @SuppressWarnings("unchecked")
    private static <T> void option(AbstractBootstrap<?, ?> bootstrap, ChannelOption<?> option, Object value) {
        bootstrap.option((ChannelOption<T>) option, (T) value);
    }
}
