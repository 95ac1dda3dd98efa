package dev.wsroute.proxy.server;

import dev.wsroute.proxy.relay.Keepalive;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioChannelOption;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.channel.unix.IntegerUnixChannelOption;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import jdk.net.ExtendedSocketOptions;

/** How sockets are driven. */
public enum Transport {
    /** Linux epoll, through Netty's native library. */
    EPOLL,
    /** The JDK's selector, everywhere. */
    NIO;

    // Of Linux, on all processors that Netty's epoll is built for.
    private static final int SOL_SOCKET = 1;
    private static final int SO_KEEPALIVE = 9;
    private static final int IPPROTO_TCP = 6;
    private static final int TCP_KEEPIDLE = 4;
    private static final int TCP_KEEPINTVL = 5;
    private static final int TCP_USER_TIMEOUT = 18;

    /** So many keepalive probes that are lost in a row are a dead peer; where there is no TCP_USER_TIMEOUT, that is. */
    static final int KEEPALIVE_PROBES = 4;

    /**
     * @param io {@code auto}, {@code epoll} or {@code nio}
     * @throws IllegalArgumentException with one sentence when it is none of these, or cannot be had here
     */
    public static Transport choose(String io) {
        return switch (io) {
            case "auto" -> Epoll.isAvailable() ? EPOLL : NIO;
            case "nio" -> NIO;
            case "epoll" -> {
                if (!Epoll.isAvailable()) {
                    throw new IllegalArgumentException("epoll is not available here: "
                            + Objects.requireNonNull(Epoll.unavailabilityCause())
                                    .getMessage());
                }
                yield EPOLL;
            }
            default -> throw new IllegalArgumentException("'" + io + "' is no transport: choose auto, epoll or nio");
        };
    }

    /**
     * @param threads how many event loops; 0: one a processor
     */
    public EventLoopGroup newEventLoops(int threads) {
        int loops = threads == 0 ? Runtime.getRuntime().availableProcessors() : threads;
        IoHandlerFactory io = this == EPOLL ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
        return new MultiThreadIoEventLoopGroup(loops, new DefaultThreadFactory("loop", true), io);
    }

    Class<? extends ServerChannel> serverChannel() {
        return this == EPOLL ? EpollServerSocketChannel.class : NioServerSocketChannel.class;
    }

    /** The class of connections, client's and backend's. */
    public Class<? extends Channel> socketChannel() {
        return this == EPOLL ? EpollSocketChannel.class : NioSocketChannel.class;
    }

    /**
     * What every connection to a backend has: no delay, half-closing, keepalive that finds dead peers, and (epoll only) a
     * limit to unacknowledged bytes.
     *
     * @param userTimeoutMillis TCP_USER_TIMEOUT: bytes sent may stay unacknowledged, or the peer's window shut, for as
     *     long before the kernel gives the connection up
     */
    Map<ChannelOption<?>, Object> dialedOptions(int userTimeoutMillis) {
        Map<ChannelOption<?>, Object> options = acceptedOptions();
        if (this == EPOLL) {
            options.put(ChannelOption.SO_KEEPALIVE, true);
            options.put(EpollChannelOption.TCP_KEEPIDLE, Keepalive.IDLE_SECONDS);
            options.put(EpollChannelOption.TCP_KEEPINTVL, Keepalive.INTERVAL_SECONDS);
            options.put(EpollChannelOption.TCP_USER_TIMEOUT, userTimeoutMillis);
        }
        return options;
    }

    /**
     * What an accepted connection is to be given for the same. On Linux it inherits most of it from its listener (tcp(7)),
     * and Netty's epoll sockets have no delay by themselves.
     */
    Map<ChannelOption<?>, Object> acceptedOptions() {
        Map<ChannelOption<?>, Object> options = new LinkedHashMap<>();
        options.put(ChannelOption.ALLOW_HALF_CLOSURE, true);
        if (this == NIO) {
            options.put(ChannelOption.TCP_NODELAY, true);
            options.put(ChannelOption.SO_KEEPALIVE, true);
            options.put(NioChannelOption.of(ExtendedSocketOptions.TCP_KEEPIDLE), Keepalive.IDLE_SECONDS);
            options.put(NioChannelOption.of(ExtendedSocketOptions.TCP_KEEPINTERVAL), Keepalive.INTERVAL_SECONDS);
            options.put(NioChannelOption.of(ExtendedSocketOptions.TCP_KEEPCOUNT), KEEPALIVE_PROBES);
        }
        return options;
    }

    /** What a listener has for those that it will accept: set once, it costs them no system call. */
    Map<ChannelOption<?>, Object> inheritedOptions(int userTimeoutMillis) {
        Map<ChannelOption<?>, Object> options = new LinkedHashMap<>();
        if (this == EPOLL) {
            options.put(new IntegerUnixChannelOption("LISTENER_SO_KEEPALIVE", SOL_SOCKET, SO_KEEPALIVE), 1);
            options.put(tcp("TCP_KEEPIDLE", TCP_KEEPIDLE), Keepalive.IDLE_SECONDS);
            options.put(tcp("TCP_KEEPINTVL", TCP_KEEPINTVL), Keepalive.INTERVAL_SECONDS);
            options.put(tcp("TCP_USER_TIMEOUT", TCP_USER_TIMEOUT), userTimeoutMillis);
        }
        return options;
    }

    private static IntegerUnixChannelOption tcp(String name, int number) {
        return new IntegerUnixChannelOption("LISTENER_" + name, IPPROTO_TCP, number);
    }
}
