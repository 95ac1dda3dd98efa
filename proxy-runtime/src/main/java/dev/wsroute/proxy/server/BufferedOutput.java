// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.server;

import dev.wsroute.proxy.memory.Account;
import dev.wsroute.proxy.memory.EvictingBudget;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Reserves memory for the outbound buffer of one of Netty's channels. Updates the reservation on each flush and when
 * the channel becomes writable again.
 */
final class BufferedOutput extends ChannelDuplexHandler {

    private final EvictingBudget budget;
    private @Nullable Account account;

    BufferedOutput(EvictingBudget budget) {
        this.budget = budget;
    }

    @Override
    public void flush(ChannelHandlerContext ctx) {
        ctx.flush();
        reserve(ctx);
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        reserve(ctx);
        ctx.fireChannelWritabilityChanged();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        hold(ctx, 0);
        ctx.fireChannelInactive();
    }

    private void reserve(ChannelHandlerContext ctx) {
        ChannelOutboundBuffer waiting = ctx.channel().unsafe().outboundBuffer();
        hold(ctx, waiting == null ? 0 : waiting.totalPendingWriteBytes());
    }

    private void hold(ChannelHandlerContext ctx, long bytes) {
        if (account == null) {
            if (bytes == 0) {
                return;
            }
            account = budget.open(Account.of(ctx.channel()));
        }
        if (!account.hold(bytes)) {
            // Evicting others did not free enough memory in time.
            ctx.close();
        }
        if (bytes == 0) {
            account = null;
        }
    }
}
