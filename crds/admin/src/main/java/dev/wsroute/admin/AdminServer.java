// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.admin;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * An HTTP server for probes and people, with its own event loop. A connection carries one request, GET or HEAD. The number of
 * connections is bounded: when all slots are held, the address that holds the most loses its oldest connection, so probes are
 * answered whatever other clients do. Probes are answered on the event loop; each other page has a thread. All memory is on
 * the heap.
 */
public final class AdminServer implements AutoCloseable {

    private static final int BACKLOG = 1024;

    /** Size of read buffers in bytes; an incomplete head keeps one of them. */
    private static final int READ = 1024;

    private final String name;
    private final AdminLimits limits;
    private final SharedState shared;
    private final EventLoopGroup loops;
    private final List<Channel> listeners = new CopyOnWriteArrayList<>();
    private final ChannelGroup connections = new DefaultChannelGroup("admin", GlobalEventExecutor.INSTANCE);

    /** @param name for error messages and threads, such as {@code admin} */
    public AdminServer(String name, AdminLimits limits) {
        this.name = name;
        this.limits = limits;
        this.loops =
                new MultiThreadIoEventLoopGroup(1, new DefaultThreadFactory(name, true), NioIoHandler.newFactory());
        this.shared = new SharedState(limits, (EventLoop) loops.iterator().next());
    }

    /**
     * Adds a path that is answered on the event loop, so {@code answer} must not block. Call before {@link #start()}.
     */
    public AdminServer probe(String path, Supplier<Answer> answer) {
        shared.add(path, new Resource.Probe(answer));
        return this;
    }

    /** Adds a path whose page is rendered on a thread of its own. Call before {@link #start()}. */
    public AdminServer page(String path, Access access, Page page) {
        shared.add(path, new Resource.Rendered(new PageThread(path, page), access));
        return this;
    }

    /**
     * Binds an address; no request is answered before {@link #start()}.
     *
     * @return the bound address; for port 0 with the port that the system chose
     * @throws IOException with one sentence if the address cannot be bound
     */
    public InetSocketAddress listen(InetSocketAddress address) throws IOException {
        ChannelFuture bound = new ServerBootstrap()
                .group(loops)
                .channel(NioServerSocketChannel.class)
                .option(ChannelOption.SO_REUSEADDR, true)
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .option(ChannelOption.AUTO_READ, false)
                .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.ALLOCATOR, new UnpooledByteBufAllocator(false))
                .childOption(ChannelOption.RECVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(READ))
                .childHandler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel channel) {
                        accept(channel);
                    }
                })
                .bind(address)
                .awaitUninterruptibly();
        Throwable cause = bound.cause();
        if (cause != null) {
            throw new IOException(
                    "The " + name + " port cannot listen on " + address.getHostString() + ":" + address.getPort() + ": "
                            + cause.getMessage(),
                    cause);
        }
        listeners.add(bound.channel());
        return (InetSocketAddress) bound.channel().localAddress();
    }

    private void accept(SocketChannel channel) {
        connections.add(channel);
        HeadGuard guard = new HeadGuard(limits);
        channel.pipeline()
                .addLast(
                        guard,
                        new HttpServerCodec(new HttpDecoderConfig()
                                .setMaxInitialLineLength(limits.headBytes())
                                .setMaxHeaderSize(limits.headBytes())
                                .setInitialBufferSize(READ)),
                        new AdminExchange(limits, shared, guard, channel));
    }

    /** Starts to accept connections. */
    public void start() {
        listeners.forEach(listener -> listener.config().setAutoRead(true));
    }

    /** The first bound address. */
    public InetSocketAddress address() {
        return (InetSocketAddress) listeners.get(0).localAddress();
    }

    /** The event loop of the server. */
    public EventLoop loop() {
        return (EventLoop) loops.iterator().next();
    }

    /** Counts of connections that the server has reset. */
    public Drops drops() {
        return shared.drops();
    }

    /** Stops listening and closes all connections. Blocks, so it must not be called on the event loop. */
    @Override
    public void close() {
        assert !loop().inEventLoop();
        listeners.forEach(listener -> listener.close().awaitUninterruptibly());
        connections.close().awaitUninterruptibly();
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
        for (Resource resource : shared.resources()) {
            if (resource instanceof Resource.Rendered rendered) {
                rendered.thread().close();
            }
        }
    }
}
