// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.http.client;

import dev.wsroute.proxy.containment.Containment;
import dev.wsroute.proxy.containment.Deadline;
import dev.wsroute.proxy.containment.FailurePoint;
import dev.wsroute.proxy.tcp.HalfClose;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.time.Duration;

/**
 * Closes a client's connection: ends the output once all is written, and drops input until the client ends it. Closing
 * at once would make the kernel send a reset if bytes are unread, which can destroy the response.
 */
final class LingeringClose extends ChannelInboundHandlerAdapter {

    /** How long a slow client may take to read the rest of the response. */
    private static final Duration WRITING = Duration.ofMinutes(5);

    private final Deadline deadline;

    private LingeringClose(Channel channel) {
        this.deadline = new Deadline(channel);
    }

    /** Replaces {@code handler}. The caller then removes the decoder before it. */
    static void replace(ClientHandler handler, Channel channel, Duration timeout) {
        LingeringClose closing = new LingeringClose(channel);
        channel.pipeline().replace(handler, "linger", closing);
        closing.deadline.arm(WRITING, channel::close);
        channel.config().setAutoRead(true);
        Containment.whenDone(channel.writeAndFlush(channel.alloc().buffer(0, 0)), channel, written -> {
            if (channel.isOpen()) {
                closing.deadline.arm(timeout, channel::close);
                HalfClose.endOutput(channel);
            }
        });
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ReferenceCountUtil.release(message);
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof ChannelInputShutdownEvent) {
            ctx.close();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (!(cause instanceof IOException)) {
            Containment.failed(ctx.channel(), FailurePoint.HANDLER, cause);
        }
        // Nothing is left to send, so it does not matter how the connection ends.
        ctx.close();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        deadline.cancel();
    }
}
