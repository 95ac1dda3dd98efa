// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.echo;

import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.group.ChannelGroup;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolHandler;
import java.util.Locale;
import java.util.stream.Collectors;

/** Sends every frame back, except {@value #CRASH}, which ends the process at once. Reads no faster than the client does. */
final class EchoHandler extends SimpleChannelInboundHandler<WebSocketFrame> {

    /** The message that ends the process as {@code kill -9} would, for clusters whose processes the tests cannot kill. */
    static final String CRASH = "/crash";

    /** The exit status that a shell shows after SIGKILL. */
    private static final int KILLED = 137;

    private final String name;
    private final ChannelGroup clients;

    EchoHandler(String name, ChannelGroup clients) {
        this.name = name;
        this.clients = clients;
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof WebSocketServerProtocolHandler.HandshakeComplete handshake) {
            clients.add(context.channel());
            var parameters = new QueryStringDecoder(handshake.requestUri()).parameters();
            if (parameters.containsKey("hello")) {
                context.writeAndFlush(new TextWebSocketFrame(name));
            }
            if (parameters.containsKey("head")) {
                context.writeAndFlush(new TextWebSocketFrame(head(handshake)));
            }
        }
        context.fireUserEventTriggered(event);
    }

    private static String head(WebSocketServerProtocolHandler.HandshakeComplete handshake) {
        return handshake.requestHeaders().entries().stream()
                .map(header -> header.getKey().toLowerCase(Locale.ROOT) + ": " + header.getValue())
                .collect(Collectors.joining("\n", "GET " + handshake.requestUri() + "\n", ""));
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, WebSocketFrame frame) {
        if (frame instanceof TextWebSocketFrame text && text.text().equals(CRASH)) {
            Runtime.getRuntime().halt(KILLED);
        }
        if (frame instanceof CloseWebSocketFrame close) {
            // Either the response to our Close or a Close to answer: one in each direction, then the connection ends.
            ChannelFuture answered = clients.remove(context.channel())
                    ? context.writeAndFlush(close.retain())
                    : context.newSucceededFuture();
            answered.addListener(ChannelFutureListener.CLOSE);
        } else {
            context.write(frame.retain());
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        context.flush();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        context.channel().config().setAutoRead(context.channel().isWritable());
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        context.close();
    }
}
