// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.tls;

import dev.wsroute.proxy.containment.Containment;
import dev.wsroute.proxy.memory.Eviction;
import dev.wsroute.proxy.tcp.TcpChannel;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.ByteToMessageDecoder.Cumulator;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.ReferenceCountUtil;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * Follows the engine's handler and translates its events to those of plain connections: a close_notify is the end of the
 * input, and an alert or a broken record an I/O error of the peer. Also accounts for the engine's memory, and for incomplete
 * records, which wait in its handler.
 */
public final class TlsEvents extends ChannelInboundHandlerAdapter implements Cumulator {

    /** Time for the last bytes before a connection is closed, while the peer does not read. */
    private static final long CLOSE_FLUSH_MILLIS = 1000;

    private final SslHandler engine;
    private final TlsOutcome outcome;
    private final TlsMemory memory;
    /** What the engine's handler had not decrypted when it last read. */
    private @Nullable ByteBuf undecrypted;

    private boolean completed;
    /** One of the peers has sent close_notify. */
    private boolean closing;

    private boolean ended;
    /** The engine's handler goes on with what it has decrypted, although the connection is reset. */
    private boolean refused;

    /**
     * Takes over the settings of an engine's handler, which it must follow in the pipeline.
     *
     * @param memory accounts for the engine and for incomplete records
     */
    TlsEvents(SslHandler engine, TlsOutcome outcome, TlsMemory memory) {
        this.engine = engine;
        this.outcome = outcome;
        this.memory = memory;
        // The owner of the connection limits the time.
        engine.setHandshakeTimeoutMillis(0);
        engine.setCloseNotifyFlushTimeoutMillis(CLOSE_FLUSH_MILLIS);
        engine.setCumulator(this);
    }

    /**
     * Leaves the pipeline of a connection, if it uses TLS. The engine's handler stays for the tunnel: one on our own sockets
     * takes the engine out of it, others leave the records in it.
     */
    public static void leave(Channel channel) {
        TlsEvents events = channel.pipeline().get(TlsEvents.class);
        if (events == null) {
            return;
        }
        ByteBuf undecrypted = events.undecrypted;
        channel.pipeline().remove(events);
        if (!(channel instanceof TcpChannel)) {
            String before = channel.pipeline().context(events.engine).name();
            channel.pipeline().addAfter(before, null, new TlsRecords(events.engine, events.memory, undecrypted));
        }
    }

    @Override
    public ByteBuf cumulate(ByteBufAllocator allocator, ByteBuf before, ByteBuf next) {
        if (!completed) {
            memory.receives(next.readableBytes());
        }
        ByteBuf all = ByteToMessageDecoder.MERGE_CUMULATOR.cumulate(allocator, before, next);
        undecrypted = all;
        return all;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (refused) {
            ReferenceCountUtil.release(message);
        } else {
            ctx.fireChannelRead(message);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        ByteBuf left = undecrypted;
        boolean waits = left != null && left.refCnt() > 0 && left.isReadable();
        if (!waits) {
            undecrypted = null;
        }
        long undecrypted = waits && left != null ? left.capacity() : 0;
        if (!(completed ? memory.holdRecords(undecrypted) : memory.handshakes(undecrypted))) {
            starve();
            Containment.reset(ctx.channel());
        }
        ctx.fireChannelReadComplete();
        endWithEngine(ctx);
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof SslHandshakeCompletionEvent handshake) {
            complete(ctx, handshake);
        } else if (event instanceof SslCloseCompletionEvent closed) {
            if (closed.isSuccess()) {
                closing = true;
                endWithEngine(ctx);
            }
        } else if (event instanceof ChannelInputShutdownEvent) {
            if (!ended) {
                outcome.truncated(ctx);
            }
            end(ctx);
        } else {
            if (event == Eviction.EVENT) {
                starve();
            }
            ctx.fireUserEventTriggered(event);
        }
    }

    private void starve() {
        if (!completed) {
            completed = true;
            outcome.starved();
        }
    }

    /**
     * The peer's close_notify ends the input. The handler's event is not enough: after our own close_notify, it comes with
     * the next record, whatever that is, and only once.
     */
    private void endWithEngine(ChannelHandlerContext ctx) {
        if (closing && engine.engine().isInboundDone()) {
            end(ctx);
        }
    }

    private void end(ChannelHandlerContext ctx) {
        if (!ended) {
            ended = true;
            ctx.fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
        }
    }

    private void complete(ChannelHandlerContext ctx, SslHandshakeCompletionEvent handshake) {
        if (!completed) {
            completed = true;
            Throwable cause = handshake.cause();
            if (cause == null) {
                if (memory.established()) {
                    refused = !outcome.secured();
                } else {
                    refused = true;
                    outcome.starved();
                    Containment.reset(ctx.channel());
                }
            } else {
                outcome.failed(cause);
            }
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        boolean ofPeer = cause instanceof DecoderException && cause.getCause() instanceof SSLException;
        Throwable reason = cause.getCause();
        ctx.fireExceptionCaught(ofPeer && reason != null ? outcome.broken(reason) : cause);
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        undecrypted = null;
        engine.setCumulator(ByteToMessageDecoder.MERGE_CUMULATOR);
        memory.release();
    }
}
