// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.tls;

import dev.wsroute.proxy.containment.Containment;
import dev.wsroute.proxy.memory.Eviction;
import dev.wsroute.proxy.metrics.TlsFailure;
import dev.wsroute.proxy.tls.TlsListener.Accepted;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.ssl.SslHandler;
import java.util.List;
import javax.net.ssl.SSLException;

/**
 * The first handler of a TLS connection: waits for the whole client hello, chooses the certificate, and replaces itself
 * with the engine's handler. This is the only place that installs TLS in a pipeline. The owner of the connection limits
 * the time.
 */
public final class ClientHelloDecoder extends ByteToMessageDecoder {

    private static final int HANDSHAKE_FAILURE = 40;
    private static final int DECODE_ERROR = 50;
    private static final String NO_MEMORY = "no memory for the handshake";

    private final TlsListener listener;
    private final TlsHandshake events;
    private final TlsMemory memory;
    private final ClientHello hello;
    private boolean begun;
    private boolean over;
    /** The engine's handler accounts for the memory. */
    private boolean replaced;

    private ClientHelloDecoder(TlsListener listener, TlsHandshake events, TlsMemory memory) {
        this.listener = listener;
        this.events = events;
        this.memory = memory;
        this.hello = new ClientHello(listener.demanded() != null);
    }

    /**
     * Appends the handlers of TLS to a new connection's pipeline.
     *
     * @param memory accounts for incomplete hellos and the engine
     */
    public static void install(Channel channel, TlsListener listener, TlsHandshake events, TlsMemory memory) {
        channel.pipeline().addLast(new ClientHelloDecoder(listener, events, memory));
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) throws Exception {
        super.channelRead(ctx, message);
        if (!over
                && !memory.helloArrives(
                        actualReadableBytes() == 0 ? 0 : internalBuffer().capacity())) {
            starve(ctx);
        }
    }

    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf bytes, List<Object> out) {
        if (over) {
            bytes.skipBytes(bytes.readableBytes());
            return;
        }
        int first = bytes.getUnsignedByte(bytes.readerIndex());
        if (first != ClientHello.HANDSHAKE) {
            notTls(ctx, bytes, first);
            return;
        }
        if (!begun) {
            begun = true;
            events.begun();
        }
        switch (hello.read(bytes)) {
            case INCOMPLETE -> {}
            case COMPLETE -> begin(ctx, bytes);
            case INVALID -> {
                bytes.skipBytes(bytes.readableBytes());
                fail(ctx, TlsFailure.CLIENT_HELLO, DECODE_ERROR, "the client hello is malformed or too long");
            }
        }
    }

    private void notTls(ChannelHandlerContext ctx, ByteBuf bytes, int first) {
        over = true;
        bytes.skipBytes(bytes.readableBytes());
        events.failed(TlsFailure.NOT_TLS, "the client does not speak TLS");
        if (first >= 'A' && first <= 'Z') {
            ctx.pipeline().remove(this);
            events.plaintext();
        } else {
            ctx.close();
        }
    }

    private void begin(ChannelHandlerContext ctx, ByteBuf bytes) {
        over = true;
        if (!events.admit()) {
            bytes.skipBytes(bytes.readableBytes());
            Containment.reset(ctx.channel());
            return;
        }
        if (!memory.begin(bytes.readableBytes())) {
            bytes.skipBytes(bytes.readableBytes());
            starve(ctx);
            return;
        }
        try {
            Accepted accepted = listener.accept(hello.host(bytes), ctx.alloc());
            if (accepted == null) {
                bytes.skipBytes(bytes.readableBytes());
                fail(ctx, TlsFailure.NO_CERTIFICATE, HANDSHAKE_FAILURE, "the listener has no valid certificate");
            } else {
                replaceBy(accepted, ctx);
            }
        } catch (SSLException e) {
            bytes.skipBytes(bytes.readableBytes());
            fail(ctx, TlsFailure.INTERNAL, HANDSHAKE_FAILURE, String.valueOf(e.getMessage()));
        }
    }

    /** The bytes pass to the engine's handler when this one is removed. */
    private void replaceBy(Accepted accepted, ChannelHandlerContext ctx) {
        SslHandler engine = accepted.handler();
        TlsEvents translator = new TlsEvents(engine, new AcceptedHandshake(ctx.channel(), accepted, events), memory);
        replaced = true;
        ChannelPipeline pipeline = ctx.pipeline();
        pipeline.addAfter(ctx.name(), null, translator);
        pipeline.addAfter(ctx.name(), null, engine);
        pipeline.remove(this);
    }

    private void fail(ChannelHandlerContext ctx, TlsFailure reason, int alert, String detail) {
        over = true;
        events.failed(reason, detail);
        // RFC 8446 §6: a fatal alert in plain text, since there are no keys yet.
        ByteBuf record = Unpooled.wrappedBuffer(new byte[] {21, 3, 3, 0, 2, 2, (byte) alert});
        Containment.whenDone(
                ctx.writeAndFlush(record), ctx.channel(), sent -> ctx.channel().close());
    }

    private void starve(ChannelHandlerContext ctx) {
        over = true;
        events.failed(TlsFailure.MEMORY, NO_MEMORY);
        Containment.reset(ctx.channel());
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) throws Exception {
        if (event instanceof ChannelInputShutdownEvent) {
            gone();
        } else if (event == Eviction.EVENT && !over) {
            over = true;
            events.failed(TlsFailure.MEMORY, NO_MEMORY);
        }
        super.userEventTriggered(ctx, event);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) throws Exception {
        gone();
        super.channelInactive(ctx);
    }

    private void gone() {
        if (!over) {
            over = true;
            events.failed(TlsFailure.DISCONNECTED, "the client disconnected before its client hello was complete");
        }
    }

    @Override
    protected void handlerRemoved0(ChannelHandlerContext ctx) {
        if (!replaced) {
            memory.release();
        }
    }
}
