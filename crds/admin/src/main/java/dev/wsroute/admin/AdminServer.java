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
 * A port for probes and people, on an event loop of its own. A connection carries one request, GET or HEAD. Connections
 * are bounded: when all places are taken, the address that holds the most loses its oldest connection, so that probes
 * are answered whatever others do. Probes are answered on the loop; each other page has a thread. All memory is on the
 * heap.
 */
public final class AdminServer implements AutoCloseable {

    private static final int BACKLOG = 1024;

    /** Heads are small, and an unfinished head keeps a buffer of this size. */
    private static final int READ = 1024;

    private final String name;
    private final AdminLimits limits;
    private final Crowd crowd;
    private final EventLoopGroup loops;
    private final List<Channel> listeners = new CopyOnWriteArrayList<>();
    private final ChannelGroup connections = new DefaultChannelGroup("admin", GlobalEventExecutor.INSTANCE);

    /** @param name for messages and threads, such as {@code admin} */
    public AdminServer(String name, AdminLimits limits) {
        this.name = name;
        this.limits = limits;
        this.crowd = new Crowd(limits);
        this.loops =
                new MultiThreadIoEventLoopGroup(1, new DefaultThreadFactory(name, true), NioIoHandler.newFactory());
    }

    /**
     * Adds a path that is answered on the event loop, so {@code answer} must not block. To be called before {@link
     * #start()}.
     */
    public AdminServer probe(String path, Supplier<Answer> answer) {
        crowd.add(path, new Resource.Probe(answer));
        return this;
    }

    /** Adds a path whose page is made on a thread of its own. To be called before {@link #start()}. */
    public AdminServer page(String path, Access access, Page page) {
        crowd.add(path, new Resource.Made(new PageThread(path, page), access));
        return this;
    }

    /**
     * Binds a further address; no request is answered before {@link #start()}.
     *
     * @return the bound address, with the port that the system chose for port 0
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
                        new Exchange(limits, crowd, guard, channel));
    }

    /** Answers from now on. */
    public void start() {
        listeners.forEach(listener -> listener.config().setAutoRead(true));
    }

    /** The first address that it listens on. */
    public InetSocketAddress address() {
        return (InetSocketAddress) listeners.get(0).localAddress();
    }

    /** The event loop that it runs on. */
    public EventLoop loop() {
        return (EventLoop) loops.iterator().next();
    }

    /** Counts of the connections that it has reset. */
    public Drops drops() {
        return crowd.drops();
    }

    /** Stops listening and closes every connection. Not to be called on its event loop. */
    @Override
    public void close() {
        listeners.forEach(listener -> listener.close().awaitUninterruptibly());
        connections.close().awaitUninterruptibly();
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
        for (Resource resource : crowd.resources()) {
            if (resource instanceof Resource.Made made) {
                made.thread().close();
            }
        }
    }
}
