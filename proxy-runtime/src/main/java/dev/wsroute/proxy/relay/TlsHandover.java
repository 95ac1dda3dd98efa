// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.relay;

import dev.wsroute.proxy.containment.Containment;
import dev.wsroute.proxy.tcp.TcpChannel;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.ReferenceCountedOpenSslEngine;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Promise;
import java.nio.ByteBuffer;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * The TLS engine of a socket, taken from its {@link SslHandler}, which is replaced by this handler. Receives the records
 * that the handler has read and not decrypted: at once, or, if the hand-over happens while the handler decrypts, as soon
 * as it returns. The engine is released when the channel closes, whatever happens in between.
 */
final class TlsHandover extends ChannelInboundHandlerAdapter {

    private final TcpChannel channel;
    private final SSLEngine engine;
    private @Nullable ByteBuf records;

    private TlsHandover(TcpChannel channel, SSLEngine engine) {
        this.channel = channel;
        this.engine = engine;
    }

    /** Takes the engine of a channel; null if it does not use TLS. Plaintext that was not flushed is lost. */
    static @Nullable TlsHandover of(TcpChannel channel) {
        SslHandler from = channel.pipeline().get(SslHandler.class);
        if (from == null) {
            return null;
        }
        SSLEngine engine = from.engine();
        assert readsWholeRecords(engine);
        TlsHandover taken = new TlsHandover(channel, ReferenceCountUtil.retain(engine));
        Containment.whenDone(channel.closeFuture(), channel, closed -> taken.release());
        settle(from, channel);
        channel.pipeline().replace(from, "records", taken);
        return taken;
    }

    /** Otherwise the handler would make an exception with its stack, for nobody. */
    @SuppressWarnings("unchecked")
    private static void settle(SslHandler from, Channel channel) {
        if (from.sslCloseFuture() instanceof Promise<?> closed) {
            ((Promise<Channel>) closed).trySuccess(channel);
        }
    }

    /**
     * Whether the engine leaves a record alone until it is whole, so that it holds no bytes now: Netty's OpenSSL engine
     * does so if it comes from {@code SslContext.newEngine}, other than from {@code newHandler}.
     */
    private static boolean readsWholeRecords(SSLEngine engine) {
        if (!(engine instanceof ReferenceCountedOpenSslEngine)) {
            return true;
        }
        try {
            return engine.unwrap(ByteBuffer.allocateDirect(1), ByteBuffer.allocate(0))
                            .getStatus()
                    == Status.BUFFER_UNDERFLOW;
        } catch (SSLException e) {
            return false;
        }
    }

    TcpChannel channel() {
        return channel;
    }

    SSLEngine engine() {
        return engine;
    }

    /** The records that were not decrypted, if there are any; the caller releases them. */
    @Nullable ByteBuf takeRecords() {
        ByteBuf taken = records;
        records = null;
        return taken;
    }

    /** No more records can follow. */
    void leavePipeline() {
        if (channel.pipeline().context(this) != null) {
            channel.pipeline().remove(this);
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf more = (ByteBuf) message;
        ByteBuf before = records;
        records = before == null ? more : Unpooled.wrappedBuffer(before, more);
        channel.reader().holdsBytes();
    }

    private void release() {
        ByteBuf left = takeRecords();
        if (left != null) {
            left.release();
        }
        ReferenceCountUtil.release(engine);
    }
}
