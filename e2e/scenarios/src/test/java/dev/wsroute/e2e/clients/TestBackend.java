// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.clients;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
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
import io.netty.handler.codec.http.websocketx.extensions.compression.WebSocketServerCompressionHandler;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * A backend on 127.0.0.1. {@code /ws} echoes messages and closes on {@code close CODE REASON}, {@code /events} is a
 * stream of events that the test sends one by one, {@code /result} passes its body to the test, and the test sets the
 * pages. Every other path returns the request.
 */
final class TestBackend implements AutoCloseable {

    private static final int MAX_BYTES = 16 << 20;

    private final EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final Map<String, String> pages = new ConcurrentHashMap<>();
    private final CompletableFuture<String> result = new CompletableFuture<>();
    private final CompletableFuture<Channel> eventStream = new CompletableFuture<>();
    private final Channel listener;

    TestBackend() {
        WebSocketServerProtocolConfig protocol = WebSocketServerProtocolConfig.newBuilder()
                .websocketPath("/ws")
                .checkStartsWith(true)
                .subprotocols("chat.v1,chat.v2")
                .allowExtensions(true)
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

    /** The body of the first request to {@code /result}. */
    CompletableFuture<String> result() {
        return result;
    }

    /** Sends an event to the stream once a client has requested it. */
    void sendEvent(String data) throws Exception {
        Channel stream = eventStream.get(10, TimeUnit.SECONDS);
        stream.writeAndFlush(
                new DefaultHttpContent(Unpooled.copiedBuffer("data: " + data + "\n\n", StandardCharsets.UTF_8)));
    }

    @Override
    public void close() {
        group.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
    }

    private static final class Echo extends SimpleChannelInboundHandler<WebSocketFrame> {

        @Override
        protected void channelRead0(ChannelHandlerContext context, WebSocketFrame frame) {
            if (frame instanceof TextWebSocketFrame text && text.text().startsWith("close ")) {
                String[] words = text.text().split(" ", 3);
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
            if (request.uri().equals("/events")) {
                HttpResponse head = new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK);
                head.headers().set(HttpHeaderNames.CONTENT_TYPE, "text/event-stream");
                HttpUtil.setTransferEncodingChunked(head, true);
                context.writeAndFlush(head);
                eventStream.complete(context.channel());
            } else if (request.uri().equals("/result")) {
                respond(context, "text/plain", "thanks");
                result.complete(body);
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
