// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.cluster.node;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Forwards one port of a Service to its endpoints in turn. A connection stays with its endpoint even if the list changes:
 * only its two ends close it.
 */
final class PortForwarder implements AutoCloseable {

    private static final int FIRST_UNPRIVILEGED_PORT = 1024;
    private static final int CONNECT_TIMEOUT_MILLIS = 5_000;

    private final Channel server;
    private final AtomicInteger turn = new AtomicInteger();
    private volatile List<InetSocketAddress> targets = List.of();

    /**
     * Listens on the wanted port, or on a free one if it is in use or privileged.
     *
     * @throws IllegalStateException if nothing can be bound on {@code address}
     */
    PortForwarder(EventLoopGroup group, String address, int wantedPort) {
        ServerBootstrap bootstrap = new ServerBootstrap()
                .group(group)
                .channel(NioServerSocketChannel.class)
                .option(ChannelOption.SO_BACKLOG, 4096)
                .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.AUTO_READ, false)
                .childHandler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel client) {
                        accept(client);
                    }
                });
        int port = wantedPort < FIRST_UNPRIVILEGED_PORT ? 0 : wantedPort;
        var bound = bootstrap.bind(address, port).awaitUninterruptibly();
        if (!bound.isSuccess() && port != 0) {
            bound = bootstrap.bind(address, 0).awaitUninterruptibly();
        }
        if (!bound.isSuccess()) {
            throw new IllegalStateException(
                    "no port can be bound on " + address + ": " + bound.cause().getMessage(), bound.cause());
        }
        server = bound.channel();
    }

    int port() {
        return ((InetSocketAddress) server.localAddress()).getPort();
    }

    /** The endpoints for new connections. */
    void setTargets(List<InetSocketAddress> endpoints) {
        targets = List.copyOf(endpoints);
    }

    private void accept(SocketChannel client) {
        List<InetSocketAddress> candidates = targets;
        if (candidates.isEmpty()) {
            ForwardHandler.reset(client);
            return;
        }
        InetSocketAddress target = candidates.get(Math.floorMod(turn.getAndIncrement(), candidates.size()));
        new Bootstrap()
                .group(client.eventLoop())
                .channel(NioSocketChannel.class)
                .option(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.AUTO_READ, false)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_TIMEOUT_MILLIS)
                .handler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel backend) {
                        backend.pipeline().addLast(new ForwardHandler(client));
                        client.pipeline().addLast(new ForwardHandler(backend));
                    }
                })
                .connect(target)
                .addListener(connected -> {
                    if (connected.isSuccess()) {
                        client.pipeline().get(ForwardHandler.class).startReading(client);
                    } else {
                        ForwardHandler.reset(client);
                    }
                });
    }

    /** Stops listening. Open connections continue until the node ends. */
    @Override
    public void close() {
        server.close().awaitUninterruptibly();
    }
}
