// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.echo;

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
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolConfig;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolHandler;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * The sample backend: echoes WebSocket messages on any path, answers plain requests with its pod's name and
 * {@code /healthz} with 200. With {@code ?hello} in the URL, the first message to a client is the pod's name; with
 * {@code ?head}, it is the request head as received.
 * The message {@code /crash} ends the process at once.
 *
 * <p>Environment: PORT (default 8010), POD_IP (the address to bind, default 0.0.0.0), POD_NAME, ON_SIGTERM
 * ({@code drain}, the default: keep serving until the last WebSocket has ended, then exit; {@code close}: send Close 1001
 * to all clients, then exit; {@code ignore}: keep serving until SIGKILL).
 */
public final class EchoServer implements AutoCloseable {

    private static final int MAX_REQUEST_BYTES = 1024 * 1024;
    private static final int MAX_FRAME_BYTES = 16 * 1024 * 1024;
    private static final long CLOSE_SECONDS = 3;
    /** Exit code, as every program of wsroute has it. */
    private static final int BAD_USAGE = 2;

    private static final long LOOK_EVERY_MILLIS = 100;

    /** New clients still connect until every proxy knows that this pod is terminating. */
    private static final Duration QUIET = Duration.ofSeconds(2);

    private final EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final ChannelGroup clients = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
    private final Channel server;

    /**
     * @param port 0 for a free one
     * @throws IllegalStateException if the port cannot be bound
     */
    public EchoServer(String address, int port, String name) {
        var bound = new ServerBootstrap()
                .group(group)
                .channel(NioServerSocketChannel.class)
                .option(ChannelOption.SO_BACKLOG, 4096)
                .childHandler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel channel) {
                        channel.pipeline()
                                .addLast(new HttpServerCodec())
                                .addLast(new HttpObjectAggregator(MAX_REQUEST_BYTES))
                                .addLast(new PlainHttpHandler(name))
                                .addLast(new WebSocketServerProtocolHandler(WebSocketServerProtocolConfig.newBuilder()
                                        .websocketPath("/")
                                        .checkStartsWith(true)
                                        .subprotocols("*")
                                        .maxFramePayloadLength(MAX_FRAME_BYTES)
                                        .build()))
                                .addLast(new EchoHandler(name, clients));
                    }
                })
                .bind(address, port)
                .awaitUninterruptibly();
        if (!bound.isSuccess()) {
            group.shutdownGracefully(0, 0, TimeUnit.SECONDS);
            throw new IllegalStateException(
                    "cannot listen on " + address + ":" + port + ": "
                            + bound.cause().getMessage(),
                    bound.cause());
        }
        server = bound.channel();
    }

    /** The port it listens on. */
    public int port() {
        return ((InetSocketAddress) server.localAddress()).getPort();
    }

    /** Sends Close 1001 to all clients, and waits up to three seconds for theirs. */
    @Override
    public void close() {
        server.close().awaitUninterruptibly();
        var closed = clients.newCloseFuture();
        Set<Channel> told = Set.copyOf(clients);
        clients.removeAll(told);
        told.forEach(
                client -> client.writeAndFlush(new CloseWebSocketFrame(WebSocketCloseStatus.ENDPOINT_UNAVAILABLE)));
        closed.awaitUninterruptibly(CLOSE_SECONDS, TimeUnit.SECONDS);
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    /** Keeps serving, and returns once no WebSocket has been open for {@code quiet}. */
    void drain(Duration quiet) throws InterruptedException {
        long since = System.nanoTime();
        while (System.nanoTime() - since < quiet.toNanos()) {
            TimeUnit.MILLISECONDS.sleep(LOOK_EVERY_MILLIS);
            if (!clients.isEmpty()) {
                since = System.nanoTime();
            }
        }
    }

    public static void main(String[] arguments) {
        EchoSettings settings;
        try {
            settings = EchoSettings.of(arguments, System.getenv());
        } catch (IllegalArgumentException e) {
            System.err.println("echo: " + e.getMessage());
            System.err.println(EchoSettings.USAGE);
            System.exit(BAD_USAGE);
            return;
        }
        EchoServer server;
        try {
            server = new EchoServer(settings.address(), settings.port(), settings.name());
        } catch (IllegalStateException e) {
            System.err.println("echo: " + e.getMessage());
            System.exit(1);
            return;
        }
        Runtime.getRuntime().addShutdownHook(new Thread(() -> end(server, settings.onSigterm())));
        System.out.println("echo listens on " + settings.address() + ":" + server.port());
    }

    /** The JVM exits only after its shutdown hooks; with {@code ignore}, this hook never ends. */
    private static void end(EchoServer server, OnSigterm onSigterm) {
        try {
            switch (onSigterm) {
                case DRAIN -> server.drain(QUIET);
                case CLOSE -> {}
                case IGNORE -> new CountDownLatch(1).await();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        server.close();
        Runtime.getRuntime().halt(0);
    }
}
