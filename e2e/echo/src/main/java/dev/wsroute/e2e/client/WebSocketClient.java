// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.client;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.websocketx.WebSocketClientProtocolConfig;
import io.netty.handler.codec.http.websocketx.WebSocketClientProtocolHandler;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Opens WebSockets. Thousands of connections share a few event loops. */
public final class WebSocketClient implements AutoCloseable {

    private static final int MAX_MESSAGE_BYTES = 1 << 20;
    private static final int OPENING_AT_ONCE = 100;
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private final EventLoopGroup group;

    /** @param threads event loops; one serves thousands of mostly idle connections */
    public WebSocketClient(int threads) {
        group = new MultiThreadIoEventLoopGroup(threads, NioIoHandler.newFactory());
    }

    /** Opens one connection without additional headers. */
    public CompletableFuture<WebSocketConnection> connect(URI uri) {
        return connect(uri, Map.of());
    }

    /**
     * Opens one connection.
     *
     * @param uri {@code ws://host:port/path}
     * @param headers sent with the request; {@code Host} replaces the one of the address, {@code Sec-WebSocket-Protocol}
     *     offers subprotocols
     * @return fails with {@link UpgradeRefusedException} if the response is not 101, and after 10 s without a response
     */
    public CompletableFuture<WebSocketConnection> connect(URI uri, Map<String, String> headers) {
        CompletableFuture<WebSocketConnection> opened = new CompletableFuture<>();
        new Bootstrap()
                .group(group)
                .channel(NioSocketChannel.class)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) TIMEOUT.toMillis())
                .handler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline()
                                .addLast(new HttpClientCodec())
                                .addLast(new HttpObjectAggregator(MAX_MESSAGE_BYTES))
                                .addLast(new HandshakeAnswer())
                                .addLast(new WebSocketClientProtocolHandler(protocol(uri, headers)))
                                .addLast(new RecordingHandler(opened));
                    }
                })
                .connect(uri.getHost(), uri.getPort() == -1 ? 80 : uri.getPort())
                .addListener(connected -> {
                    Throwable cause = connected.cause();
                    if (cause != null) {
                        opened.completeExceptionally(cause);
                    }
                });
        return opened;
    }

    /**
     * Opens {@code count} connections, a hundred at a time.
     *
     * @throws java.util.concurrent.CompletionException if one cannot be opened
     */
    public List<WebSocketConnection> connectAll(URI uri, int count) {
        List<WebSocketConnection> connections = new ArrayList<>(count);
        while (connections.size() < count) {
            List<CompletableFuture<WebSocketConnection>> opening = new ArrayList<>();
            for (int i = connections.size(); i < count && opening.size() < OPENING_AT_ONCE; i++) {
                opening.add(connect(uri));
            }
            opening.forEach(one -> connections.add(one.join()));
        }
        return connections;
    }

    /** Ends all connections at once, without Close, and waits for that. */
    @Override
    public void close() {
        group.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
    }

    private static WebSocketClientProtocolConfig protocol(URI uri, Map<String, String> headers) {
        HttpHeaders custom = new DefaultHttpHeaders();
        headers.forEach(custom::set);
        return WebSocketClientProtocolConfig.newBuilder()
                .webSocketUri(uri)
                .customHeaders(custom)
                .subprotocol(custom.get(HttpHeaderNames.SEC_WEBSOCKET_PROTOCOL))
                .maxFramePayloadLength(MAX_MESSAGE_BYTES)
                .handshakeTimeoutMillis(TIMEOUT.toMillis())
                .handleCloseFrames(false)
                .forceCloseTimeoutMillis(TIMEOUT.toMillis())
                .build();
    }
}
