// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.cluster.api.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.wsroute.e2e.cluster.api.http.ApiResponse.WatchPlan;
import dev.wsroute.e2e.cluster.api.store.Json;
import dev.wsroute.e2e.cluster.api.store.Watcher;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketServerHandshaker;
import io.netty.handler.codec.http.websocketx.WebSocketServerHandshakerFactory;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/** Sends the events of one watch, either as chunks of one HTTP response or as WebSocket messages. */
abstract class WatchStream implements Watcher.Sink {

    private static final int BOOKMARK_SECONDS = 10;
    private static final int MOST_BYTES_WAITING = 64 * 1024 * 1024;

    private final Channel channel;

    private WatchStream(Channel channel) {
        this.channel = channel;
    }

    static void open(ChannelHandlerContext ctx, FullHttpRequest request, WatchPlan plan, EventExecutor worker) {
        boolean webSocket = request.headers().containsValue(HttpHeaderNames.UPGRADE, HttpHeaderValues.WEBSOCKET, true);
        if (webSocket) {
            openWebSocket(ctx, request, plan, worker);
        } else {
            HttpResponse head = new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK);
            head.headers()
                    .set(HttpHeaderNames.CONTENT_TYPE, "application/json")
                    .set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
            var unused = ctx.channel().writeAndFlush(head);
            follow(new Chunks(ctx.channel()), plan, worker);
        }
    }

    private static void openWebSocket(
            ChannelHandlerContext ctx, FullHttpRequest request, WatchPlan plan, EventExecutor worker) {
        String url = "ws://" + request.headers().get(HttpHeaderNames.HOST, "localhost") + request.uri();
        WebSocketServerHandshaker handshaker =
                new WebSocketServerHandshakerFactory(url, null, false).newHandshaker(request);
        if (handshaker == null) {
            var unused = WebSocketServerHandshakerFactory.sendUnsupportedVersionResponse(ctx.channel());
            return;
        }
        Channel channel = ctx.channel();
        ctx.pipeline().addLast(new WebSocketPeer());
        handshaker.handshake(channel, request).addListener(done -> {
            if (done.isSuccess()) {
                follow(new Messages(channel), plan, worker);
            }
        });
    }

    private static void follow(WatchStream stream, WatchPlan plan, EventExecutor worker) {
        Channel channel = stream.channel;
        Watcher watcher = plan.start(stream);
        Future<?> bookmarks = worker.scheduleAtFixedRate(
                () -> plan.bookmark(stream), BOOKMARK_SECONDS, BOOKMARK_SECONDS, TimeUnit.SECONDS);
        Future<?> timeout = worker.schedule(
                () -> {
                    plan.bookmark(stream);
                    plan.stop(watcher);
                    stream.end();
                },
                plan.timeoutSeconds(),
                TimeUnit.SECONDS);
        channel.closeFuture().addListener(closed -> {
            plan.stop(watcher);
            bookmarks.cancel(false);
            timeout.cancel(false);
        });
    }

    @Override
    public void event(String type, ObjectNode object) {
        long waiting = channel.isWritable() ? 0 : channel.bytesBeforeWritable();
        if (waiting > MOST_BYTES_WAITING) {
            var unused = channel.close();
            return;
        }
        ObjectNode event = Json.object().put("type", type);
        event.set("object", object);
        var unused = channel.writeAndFlush(message(Unpooled.wrappedBuffer(Json.write(event))));
    }

    abstract Object message(ByteBuf event);

    private static final class Chunks extends WatchStream {

        private static final byte[] LINE_END = "\n".getBytes(StandardCharsets.US_ASCII);

        private final Channel channel;

        Chunks(Channel channel) {
            super(channel);
            this.channel = channel;
        }

        @Override
        Object message(ByteBuf event) {
            return new DefaultHttpContent(Unpooled.wrappedBuffer(event, Unpooled.wrappedBuffer(LINE_END)));
        }

        @Override
        public void end() {
            channel.writeAndFlush(LastHttpContent.EMPTY_LAST_CONTENT).addListener(ChannelFutureListener.CLOSE);
        }
    }

    private static final class Messages extends WatchStream {

        private final Channel channel;

        Messages(Channel channel) {
            super(channel);
            this.channel = channel;
        }

        @Override
        Object message(ByteBuf event) {
            return new TextWebSocketFrame(event);
        }

        @Override
        public void end() {
            channel.writeAndFlush(new CloseWebSocketFrame(1000, "")).addListener(ChannelFutureListener.CLOSE);
        }
    }
}
