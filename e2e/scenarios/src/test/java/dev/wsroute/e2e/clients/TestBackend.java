// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.clients;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrameAggregator;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolConfig;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolHandler;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolHandler.HandshakeComplete;
import io.netty.handler.codec.http.websocketx.extensions.compression.WebSocketServerCompressionHandler;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * A backend on 127.0.0.1. Paths that begin with {@code /ws} echo messages and close on {@code close CODE REASON}, those that
 * begin with {@code /events} are streams of events that the test sends one by one, those that begin with {@code /result} pass
 * their body to the test, and the test sets the pages. Every other path returns the request.
 */
final class TestBackend implements AutoCloseable {

    private static final int MAX_BYTES = 16 << 20;

    private final EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final Map<String, String> pages = new ConcurrentHashMap<>();
    private final Map<String, CompletableFuture<String>> results = new ConcurrentHashMap<>();
    private final Map<String, CompletableFuture<HttpHeaders>> handshakes = new ConcurrentHashMap<>();
    private final Map<String, CompletableFuture<String>> closes = new ConcurrentHashMap<>();
    private final Map<String, CompletableFuture<Channel>> eventStreams = new ConcurrentHashMap<>();
    private final Channel listener;

    TestBackend() {
        WebSocketServerProtocolConfig protocol = WebSocketServerProtocolConfig.newBuilder()
                .websocketPath("/ws")
                .checkStartsWith(true)
                .subprotocols("chat.v1,chat.v2,chat")
                .allowExtensions(true)
                .handleCloseFrames(false)
                .maxFramePayloadLength(MAX_BYTES)
                .build();
        listener = new ServerBootstrap()
                .group(group)
                .channel(NioServerSocketChannel.class)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline()
                                .addLast(new HttpServerCodec())
                                .addLast(new HttpObjectAggregator(MAX_BYTES))
                                .addLast(new WebSocketServerCompressionHandler(MAX_BYTES))
                                .addLast(new WebSocketServerProtocolHandler(protocol))
                                .addLast(new WebSocketFrameAggregator(MAX_BYTES))
                                .addLast(new Echo())
                                .addLast(new Http());
                    }
                })
                .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .syncUninterruptibly()
                .channel();
    }

    int port() {
        return ((InetSocketAddress) listener.localAddress()).getPort();
    }

    void page(String path, String html) {
        pages.put(path, html);
    }

    /** The body of the first request to this path. */
    CompletableFuture<String> result(String path) {
        return at(path, results);
    }

    /** The headers of the first handshake of this path. */
    CompletableFuture<HttpHeaders> handshake(String path) {
        return at(path, handshakes);
    }

    /** Code and reason of the Close frame of the first client that closed a WebSocket of this path. */
    CompletableFuture<String> closeFrame(String path) {
        return at(path, closes);
    }

    /** Sends an event to the stream of this path once a client has requested it. */
    void sendEvent(String path, String data) throws Exception {
        Channel stream = at(path, eventStreams).get(1, TimeUnit.MINUTES);
        stream.writeAndFlush(
                new DefaultHttpContent(Unpooled.copiedBuffer("data: " + data + "\n\n", StandardCharsets.UTF_8)));
    }

    @Override
    public void close() {
        group.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
    }

    private static <T> CompletableFuture<T> at(String path, Map<String, CompletableFuture<T>> futures) {
        return futures.computeIfAbsent(path, key -> new CompletableFuture<>());
    }

    private final class Echo extends SimpleChannelInboundHandler<WebSocketFrame> {

        private String path = "";
        private boolean closing;

        @Override
        public void userEventTriggered(ChannelHandlerContext context, Object event) throws Exception {
            if (event instanceof HandshakeComplete complete) {
                path = complete.requestUri();
                handshake(path).complete(complete.requestHeaders());
            }
            super.userEventTriggered(context, event);
        }

        @Override
        protected void channelRead0(ChannelHandlerContext context, WebSocketFrame frame) {
            if (frame instanceof CloseWebSocketFrame close) {
                closeFrame(path).complete((close.statusCode() + " " + close.reasonText()).strip());
                if (closing) {
                    context.channel().close();
                } else {
                    context.writeAndFlush(close.retain()).addListener(ChannelFutureListener.CLOSE);
                }
            } else if (frame instanceof TextWebSocketFrame text && text.text().startsWith("close ")) {
                String[] words = text.text().split(" ", 3);
                closing = true;
                context.writeAndFlush(new CloseWebSocketFrame(Integer.parseInt(words[1]), words[2]));
            } else if (frame instanceof TextWebSocketFrame || frame instanceof BinaryWebSocketFrame) {
                context.writeAndFlush(frame.retain());
            }
        }
    }

    private final class Http extends SimpleChannelInboundHandler<FullHttpRequest> {

        @Override
        protected void channelRead0(ChannelHandlerContext context, FullHttpRequest request) {
            String body = request.content().toString(StandardCharsets.UTF_8);
            String page = pages.get(request.uri());
            if (request.uri().startsWith("/events")) {
                HttpResponse head = new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK);
                head.headers().set(HttpHeaderNames.CONTENT_TYPE, "text/event-stream");
                HttpUtil.setTransferEncodingChunked(head, true);
                context.writeAndFlush(head);
                at(request.uri(), eventStreams).complete(context.channel());
            } else if (request.uri().startsWith("/result")) {
                respond(context, "text/plain", "thanks");
                result(request.uri()).complete(body);
            } else if (page != null) {
                respond(context, "text/html; charset=utf-8", page);
            } else {
                String forwardedFor = request.headers().get("X-Forwarded-For", "nobody");
                respond(
                        context,
                        "text/plain",
                        "%s %s for %s with %d bytes\n"
                                .formatted(request.method(), request.uri(), forwardedFor, body.length()));
            }
        }

        private void respond(ChannelHandlerContext context, String type, String body) {
            DefaultFullHttpResponse response = new DefaultFullHttpResponse(
                    HttpVersion.HTTP_1_1, HttpResponseStatus.OK, Unpooled.copiedBuffer(body, StandardCharsets.UTF_8));
            response.headers().set(HttpHeaderNames.CONTENT_TYPE, type);
            HttpUtil.setContentLength(response, response.content().readableBytes());
            context.writeAndFlush(response);
        }
    }
}
