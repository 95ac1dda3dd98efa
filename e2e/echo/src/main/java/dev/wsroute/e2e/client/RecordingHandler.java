// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.client;

import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketClientHandshakeException;
import io.netty.handler.codec.http.websocketx.WebSocketClientProtocolHandler.ClientHandshakeStateEvent;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Records the events of a channel in a {@link WebSocketConnection}. */
final class RecordingHandler extends SimpleChannelInboundHandler<WebSocketFrame> {

    private final CompletableFuture<WebSocketConnection> opened;
    private @Nullable WebSocketConnection connection;

    RecordingHandler(CompletableFuture<WebSocketConnection> opened) {
        this.opened = opened;
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event == ClientHandshakeStateEvent.HANDSHAKE_COMPLETE) {
            connection = new WebSocketConnection(context.channel());
            opened.complete(connection);
        } else if (event == ClientHandshakeStateEvent.HANDSHAKE_TIMEOUT) {
            opened.completeExceptionally(new IOException("the upgrade was not answered in time"));
        }
        context.fireUserEventTriggered(event);
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, WebSocketFrame frame) {
        WebSocketConnection current = connection;
        if (current == null) {
            return;
        }
        if (frame instanceof TextWebSocketFrame text) {
            current.received(text.text());
        } else if (frame instanceof CloseWebSocketFrame close) {
            int code = close.statusCode() == -1 ? Closure.NO_STATUS : close.statusCode();
            current.ended(code, close.reasonText());
            context.writeAndFlush(close.retainedDuplicate()).addListener(ChannelFutureListener.CLOSE_ON_FAILURE);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        ended();
        opened.completeExceptionally(new IOException("the connection ended before the upgrade was answered"));
        context.fireChannelInactive();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        opened.completeExceptionally(refusal(cause));
        ended();
        context.close();
    }

    private void ended() {
        WebSocketConnection current = connection;
        if (current != null) {
            current.ended(Closure.ABNORMAL, "");
        }
    }

    private static Throwable refusal(Throwable cause) {
        return cause instanceof WebSocketClientHandshakeException handshake && handshake.response() != null
                ? new UpgradeRefusedException(
                        handshake.response().status().code(),
                        handshake.response().headers())
                : cause;
    }
}
