// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.relay;

import dev.wsroute.proxy.containment.Containment;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;

/**
 * What TLS writes to a channel: other messages than it was given, whose failures it keeps to itself. Their number, and
 * the first failure, which is passed on as an exception.
 */
final class WriteCounter extends ChannelOutboundHandlerAdapter {

    private long writes;
    private boolean failed;

    long writes() {
        return writes;
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
        writes++;
        ChannelPromise watched = promise.unvoid();
        Containment.whenDone(watched, ctx.channel(), sent -> {
            if (!sent.isSuccess() && !failed) {
                failed = true;
                ctx.fireExceptionCaught(sent.cause());
            }
        });
        ctx.write(message, watched);
    }
}
