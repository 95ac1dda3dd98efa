// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.client;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.AttributeKey;

/** Keeps the headers of the response to the handshake, since the WebSocket handler does not expose them. */
final class HandshakeAnswer extends ChannelInboundHandlerAdapter {

    /** The headers of the newest response. */
    static final AttributeKey<HttpHeaders> HEADERS = AttributeKey.valueOf(HandshakeAnswer.class, "headers");

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (message instanceof FullHttpResponse response) {
            context.channel().attr(HEADERS).set(new DefaultHttpHeaders().set(response.headers()));
        }
        context.fireChannelRead(message);
    }
}
