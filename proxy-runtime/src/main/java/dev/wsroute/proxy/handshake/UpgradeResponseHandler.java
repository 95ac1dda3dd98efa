// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.handshake;

import dev.wsroute.proxy.http.exchange.BackendResponseDecoder;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The last handler of a backend's pipeline until the backend has answered the handshake. */
final class UpgradeResponseHandler extends ChannelInboundHandlerAdapter {

    private final UpgradeExchange exchange;
    private @Nullable HttpResponse switching;

    UpgradeResponseHandler(UpgradeExchange exchange) {
        this.exchange = exchange;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        HttpObject object = (HttpObject) message;
        if (object.decoderResult().isFailure()) {
            ReferenceCountUtil.release(message);
            exchange.responseBroken(
                    BackendResponseDecoder.sentence(object.decoderResult().cause()));
        } else if (object instanceof HttpResponse response) {
            head(ctx, response);
        } else {
            ReferenceCountUtil.release(message);
            HttpResponse valid = switching;
            if (valid != null && object instanceof LastHttpContent) {
                exchange.open(ctx, valid);
            }
        }
    }

    private void head(ChannelHandlerContext ctx, HttpResponse response) {
        if (BackendResponseDecoder.isInterim(response)) {
            // Interim responses are of no use to a client that waits for a 101.
            return;
        }
        if (response.status().code() != HttpResponseStatus.SWITCHING_PROTOCOLS.code()) {
            exchange.refused(ctx, response);
            return;
        }
        String fault = exchange.faultOf(response);
        if (fault == null) {
            switching = response;
        } else {
            exchange.responseBroken(fault);
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof ChannelInputShutdownEvent) {
            exchange.responseBroken("The backend closed the connection.");
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (cause instanceof IOException) {
            exchange.connectionBroke(cause);
        } else {
            // This event may have to resume reading from the client.
            exchange.failed(cause);
        }
        ctx.close();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        exchange.responseBroken("The backend closed the connection.");
    }
}
