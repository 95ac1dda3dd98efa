// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.jwks;

import dev.wsroute.operator.jwks.FetchOutcome.Reason;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;

/**
 * Bounds what a server can send at all: certificates, records without content, interim answers and tiny chunks count for no other
 * limit, and would keep a processor busy until the deadline.
 */
final class ReceiveLimit extends ChannelInboundHandlerAdapter {

    private static final int MAX_BYTES = 512 * 1024;

    private final FetchExchange exchange;
    private int received;

    ReceiveLimit(FetchExchange exchange) {
        this.exchange = exchange;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        received += ((ByteBuf) message).readableBytes();
        if (received > MAX_BYTES) {
            ReferenceCountUtil.release(message);
            exchange.fail(Reason.ANSWER, AnswerHandler.TOO_LARGE);
        } else {
            context.fireChannelRead(message);
        }
    }
}
