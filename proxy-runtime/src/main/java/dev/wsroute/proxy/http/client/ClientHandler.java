// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.http.client;

import dev.wsroute.proxy.containment.Containment;
import dev.wsroute.proxy.containment.FailurePoint;
import dev.wsroute.proxy.memory.Eviction;
import dev.wsroute.proxy.tcp.UnreadEnd;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;

/** The last handler in a client's HTTP pipeline. Passes events to its {@link PersistentConnection}. */
final class ClientHandler extends ChannelInboundHandlerAdapter {

    private final PersistentConnection connection;
    private final CurrentRequest current;

    ClientHandler(PersistentConnection connection, CurrentRequest current) {
        this.connection = connection;
        this.current = current;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        HttpObject object = (HttpObject) message;
        if (object.decoderResult().isFailure()) {
            ReferenceCountUtil.release(message);
            connection.unreadable(object.decoderResult().cause());
        } else if (object instanceof HttpRequest request) {
            connection.begin(request);
        } else if (object instanceof HttpContent content) {
            connection.body(content);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        current.pause();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        connection.writabilityChanged();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof ChannelInputShutdownEvent) {
            connection.gone();
        } else if (event == UnreadEnd.ENDED) {
            connection.endedUnread();
        } else if (event == UnreadEnd.BROKEN) {
            connection.gone();
        } else if (event == FinishHttp.EVENT) {
            connection.finishIfIdle();
        } else if (event == Eviction.EVENT) {
            connection.evicted();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (!(cause instanceof IOException)) {
            Containment.failed(ctx.channel(), FailurePoint.HANDLER, cause);
        }
        connection.gone();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        connection.gone();
    }
}
