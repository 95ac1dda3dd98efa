// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.server;

import dev.wsroute.proxy.containment.ContainedLoops;
import dev.wsroute.proxy.containment.Failures;
import dev.wsroute.proxy.tcp.AcceptGate;
import dev.wsroute.proxy.tcp.Keepalives;
import dev.wsroute.proxy.tcp.TcpChannel;
import dev.wsroute.proxy.tcp.TcpListener;
import dev.wsroute.proxy.tcp.TcpOptions;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioChannelOption;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import jdk.net.ExtendedSocketOptions;

/** The socket implementation. */
public enum Transport {
    /** Linux epoll, through Netty's native library. */
    EPOLL,
    /** The JDK's selector; works everywhere. */
    NIO;

    /**
     * @param io {@code auto}, {@code epoll} or {@code nio}
     * @throws IllegalArgumentException with a sentence if it is none of these or not available
     */
    public static Transport choose(String io) {
        return switch (io) {
            case "auto" -> Epoll.isAvailable() ? EPOLL : NIO;
            case "nio" -> NIO;
            case "epoll" -> {
                if (!Epoll.isAvailable()) {
                    throw new IllegalArgumentException("epoll is not available: "
                            + Objects.requireNonNull(Epoll.unavailabilityCause())
                                    .getMessage());
                }
                yield EPOLL;
            }
            default -> throw new IllegalArgumentException("'" + io + "' is not a transport; use auto, epoll or nio");
        };
    }

    /** @param threads number of event loops; 0 for one per processor */
    public ContainedLoops newEventLoops(int threads) {
        int loops = threads == 0 ? Runtime.getRuntime().availableProcessors() : threads;
        IoHandlerFactory io = this == EPOLL ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
        return new ContainedLoops(loops, io, new Failures());
    }

    /**
     * A listener that is not bound yet.
     *
     * @param gate which clients to refuse; without epoll none are
     */
    ServerChannel newListener(AcceptGate gate) {
        return this == EPOLL ? new TcpListener(gate) : new NioServerSocketChannel();
    }

    /** The channel class of client and backend connections. */
    public Class<? extends Channel> socketChannel() {
        return this == EPOLL ? TcpChannel.class : NioSocketChannel.class;
    }

    /** An unconnected channel for a connection to {@code address}. */
    Channel newConnection(InetSocketAddress address) {
        return this == EPOLL ? TcpChannel.towards(address) : new NioSocketChannel();
    }

    /** Options that let other sockets of this user bind the same port (SO_REUSEPORT). No effect where unsupported. */
    Map<ChannelOption<?>, Object> sharing(boolean on) {
        return this == EPOLL
                ? Map.of(TcpOptions.REUSEPORT, on ? 1 : 0)
                : Map.of(NioChannelOption.of(StandardSocketOptions.SO_REUSEPORT), on);
    }

    /**
     * Channel options of every connection. With epoll, all other options are inherited from the listener or set by the
     * dialer.
     */
    Map<ChannelOption<?>, Object> options() {
        Map<ChannelOption<?>, Object> options = new LinkedHashMap<>();
        options.put(ChannelOption.ALLOW_HALF_CLOSURE, true);
        if (this == NIO) {
            options.put(ChannelOption.TCP_NODELAY, true);
            options.put(ChannelOption.SO_KEEPALIVE, true);
            options.put(NioChannelOption.of(ExtendedSocketOptions.TCP_KEEPIDLE), Keepalives.IDLE_SECONDS);
            options.put(NioChannelOption.of(ExtendedSocketOptions.TCP_KEEPINTERVAL), Keepalives.INTERVAL_SECONDS);
            options.put(NioChannelOption.of(ExtendedSocketOptions.TCP_KEEPCOUNT), Keepalives.PROBES);
        }
        return options;
    }
}
