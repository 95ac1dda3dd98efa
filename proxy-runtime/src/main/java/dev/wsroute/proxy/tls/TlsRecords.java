// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.tls;

import dev.wsroute.proxy.containment.Containment;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.ByteToMessageDecoder.Cumulator;
import io.netty.handler.ssl.SslHandler;
import org.jspecify.annotations.Nullable;

/** Accounts for the incomplete records that wait in the engine's handler, where a tunnel keeps that handler. */
final class TlsRecords extends ChannelInboundHandlerAdapter implements Cumulator {

    private final SslHandler engine;
    private final TlsMemory memory;
    /** What the engine's handler had not decrypted when it last read. */
    private @Nullable ByteBuf undecrypted;

    /** @param undecrypted what the engine's handler has not decrypted yet, if anything */
    TlsRecords(SslHandler engine, TlsMemory memory, @Nullable ByteBuf undecrypted) {
        this.engine = engine;
        this.memory = memory;
        this.undecrypted = undecrypted;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        engine.setCumulator(this);
        account(ctx);
    }

    @Override
    public ByteBuf cumulate(ByteBufAllocator allocator, ByteBuf before, ByteBuf next) {
        ByteBuf all = ByteToMessageDecoder.MERGE_CUMULATOR.cumulate(allocator, before, next);
        undecrypted = all;
        return all;
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        account(ctx);
        ctx.fireChannelReadComplete();
    }

    private void account(ChannelHandlerContext ctx) {
        ByteBuf left = undecrypted;
        boolean waits = left != null && left.refCnt() > 0 && left.isReadable();
        if (!waits) {
            undecrypted = null;
        }
        if (!memory.holdRecords(waits && left != null ? left.capacity() : 0)) {
            Containment.reset(ctx.channel());
        }
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        undecrypted = null;
        memory.release();
    }
}
