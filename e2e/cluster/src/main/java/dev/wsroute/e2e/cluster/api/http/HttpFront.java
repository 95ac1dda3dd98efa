// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.cluster.api.http;

import dev.wsroute.e2e.cluster.api.access.RoleAuthorizer;
import dev.wsroute.e2e.cluster.api.ops.ApiOperations;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.util.concurrent.DefaultEventExecutorGroup;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.EventExecutorGroup;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** The listening socket and the connections of the API server, on the loopback interface only. */
public final class HttpFront implements AutoCloseable {

    private static final int LARGEST_BODY = 16 * 1024 * 1024;
    private static final int LONGEST_LINE = 64 * 1024;
    private static final int LONGEST_HEAD = 64 * 1024;
    private static final int LARGEST_CHUNK = 64 * 1024;
    private static final int WORKERS = 4;

    private final EventLoopGroup loops =
            new MultiThreadIoEventLoopGroup(2, new DefaultThreadFactory("api-io", true), NioIoHandler.newFactory());
    private final EventExecutorGroup workers =
            new DefaultEventExecutorGroup(WORKERS, new DefaultThreadFactory("api-worker", true));
    private final ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
    private final ApiRouter router;
    private final int port;
    private volatile boolean cutOff;

    /**
     * Starts to listen.
     *
     * @param requests counts every request for a resource
     * @param authorizer decides on requests of ServiceAccounts
     * @param trouble runs before each of them
     * @param port 0 for any free one
     */
    public HttpFront(
            ApiOperations api,
            Supplier<PodLogs> logs,
            RequestCounts requests,
            RoleAuthorizer authorizer,
            Runnable trouble,
            int port) {
        this.router = new ApiRouter(api, new PodRequests(api, logs), requests, authorizer, trouble);
        Channel listener = new ServerBootstrap()
                .group(loops)
                .channel(NioServerSocketChannel.class)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childHandler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel connection) {
                        accept(connection);
                    }
                })
                .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
                .syncUninterruptibly()
                .channel();
        this.port = ((InetSocketAddress) listener.localAddress()).getPort();
    }

    private void accept(SocketChannel connection) {
        connections.add(connection);
        if (cutOff) {
            connection.config().setSoLinger(0);
            var unused = connection.close();
            return;
        }
        connection
                .pipeline()
                .addLast(
                        new HttpServerCodec(LONGEST_LINE, LONGEST_HEAD, LARGEST_CHUNK),
                        new HttpObjectAggregator(LARGEST_BODY),
                        new ApiHandler(router, workers.next()));
    }

    public int port() {
        return port;
    }

    /** Resets all connections, including new ones, until {@link #restore}. */
    public void cutOff() {
        cutOff = true;
        for (Channel connection : connections) {
            // On its own loop, where it is either open or closed.
            connection.eventLoop().execute(() -> {
                if (connection.isOpen() && connection instanceof SocketChannel socket) {
                    socket.config().setSoLinger(0);
                }
            });
        }
        connections.close().awaitUninterruptibly();
    }

    public void restore() {
        cutOff = false;
    }

    @Override
    public void close() {
        connections.close().awaitUninterruptibly();
        workers.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    }
}
