// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.tls;

import dev.wsroute.proxy.containment.Containment;
import dev.wsroute.proxy.memory.Account;
import dev.wsroute.proxy.metrics.TlsFailure;
import dev.wsroute.proxy.tcp.TcpChannel;
import dev.wsroute.proxy.tcp.TcpOptions;
import dev.wsroute.proxy.tls.TlsListener.Accepted;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.ByteToMessageDecoder.Cumulator;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.NotSslRecordException;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/**
 * Follows the engine's handler and translates its events to those of plain connections: a close_notify is the end of the
 * input, and an alert or a broken record an I/O error of the peer. Also accounts for incomplete records, which wait in
 * the engine's handler.
 */
public final class TlsEvents extends ChannelInboundHandlerAdapter implements Cumulator {

    private static final String TLS_1_3 = "TLSv1.3";

    private final TlsListener listener;
    private final Accepted accepted;
    private final Account memory;
    private final long begun = System.currentTimeMillis();
    private @Nullable TlsHandshake events;
    /** What the engine's handler had not decrypted when it last read. */
    private @Nullable ByteBuf undecrypted;

    private boolean ended;

    TlsEvents(TlsListener listener, Accepted accepted, TlsHandshake events, Account memory) {
        this.listener = listener;
        this.accepted = accepted;
        this.events = events;
        this.memory = memory;
    }

    @Override
    public ByteBuf cumulate(ByteBufAllocator allocator, ByteBuf before, ByteBuf next) {
        ByteBuf all = ByteToMessageDecoder.MERGE_CUMULATOR.cumulate(allocator, before, next);
        undecrypted = all;
        return all;
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        ByteBuf left = undecrypted;
        boolean waits = left != null && left.refCnt() > 0 && left.isReadable();
        if (!waits) {
            undecrypted = null;
        }
        if (!memory.hold(waits && left != null ? left.capacity() : 0)) {
            Containment.reset(ctx.channel());
        }
        ctx.fireChannelReadComplete();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof SslHandshakeCompletionEvent handshake) {
            completed(ctx.channel(), handshake);
        } else if (event instanceof SslCloseCompletionEvent closed) {
            if (closed.isSuccess()) {
                end(ctx);
            }
        } else if (event instanceof ChannelInputShutdownEvent) {
            // Without a close_notify: a truncation counts as the end, as it does without TLS.
            end(ctx);
        } else {
            ctx.fireUserEventTriggered(event);
        }
    }

    private void end(ChannelHandlerContext ctx) {
        if (!ended) {
            ended = true;
            ctx.fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
        }
    }

    private void completed(Channel channel, SslHandshakeCompletionEvent handshake) {
        TlsHandshake receiver = events;
        if (receiver == null) {
            return;
        }
        events = null;
        Throwable cause = handshake.cause();
        if (cause == null) {
            secured(channel, receiver);
        } else {
            TlsFailure reason = FailureReasons.of(cause);
            receiver.failed(reason, sentence(cause));
        }
    }

    private void secured(Channel channel, TlsHandshake receiver) {
        SSLEngine engine = accepted.handler().engine();
        boolean resumed = TlsResumption.isResumed(engine, begun);
        String refusal = resumed
                ? TlsResumption.refusal(
                        engine, accepted.slot().context().terms().clients())
                : null;
        if (refusal != null) {
            receiver.failed(TlsFailure.CLIENT_CERTIFICATE, refusal);
            Containment.reset(channel);
            return;
        }
        acknowledge(channel);
        receiver.secured(new TlsSession(
                listener, accepted.slot(), accepted.asksClients(), clientCertificate(accepted.handler()), resumed));
    }

    /** Never the client's bytes, which Netty quotes if they are no TLS record. */
    private static String sentence(Throwable cause) {
        return cause instanceof NotSslRecordException ? "not a TLS record" : String.valueOf(cause.getMessage());
    }

    /**
     * With TLS 1.3 the client speaks last, and this socket would acknowledge with the next bytes that it sends. A client that
     * waits for that (Nagle's algorithm) would send its request 40 ms later.
     */
    private void acknowledge(Channel channel) {
        if (channel instanceof TcpChannel
                && accepted.handler().engine().getSession().getProtocol().equals(TLS_1_3)) {
            TcpOptions.prefer(channel.config(), TcpOptions.QUICKACK, TcpOptions.ACKNOWLEDGE_ONCE);
        }
    }

    private @Nullable String clientCertificate(SslHandler engine) {
        if (!accepted.asksClients()) {
            return null;
        }
        SSLSession session = engine.engine().getSession();
        try {
            return ForwardedClientCertificate.of((X509Certificate) session.getPeerCertificates()[0]);
        } catch (SSLPeerUnverifiedException none) {
            return null;
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        boolean ofPeer = cause instanceof DecoderException && cause.getCause() instanceof SSLException;
        ctx.fireExceptionCaught(ofPeer ? cause.getCause() : cause);
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        undecrypted = null;
        accepted.handler().setCumulator(ByteToMessageDecoder.MERGE_CUMULATOR);
        memory.hold(0);
    }
}
