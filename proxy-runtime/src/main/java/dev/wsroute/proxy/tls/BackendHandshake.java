// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.tls;

import dev.wsroute.proxy.containment.Containment;
import dev.wsroute.proxy.metrics.BackendTlsFailure;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.ssl.SslHandler;
import java.io.IOException;
import java.net.SocketAddress;
import java.util.concurrent.Future;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * The TLS handshake with a backend: installs the handlers of TLS in the empty pipeline of a new connection, and is the last
 * handler until it is over. Confined to the connection's event loop.
 */
public final class BackendHandshake extends ChannelInboundHandlerAdapter implements TlsOutcome {

    /** Receives the result: exactly one call of the first three, or none after {@link BackendHandshake#cancel}. */
    public interface HandshakeListener {

        /**
         * Succeeded. The handlers of TLS stay in the pipeline.
         *
         * @param resumed whether it resumed a session
         */
        void secured(boolean resumed);

        /** Failed. The connection is being closed. */
        void unsecured(BackendTlsException cause);

        /** An unexpected error, perhaps thrown by this listener. The connection is being closed. */
        void failed(Throwable cause);

        /** TLS of the connection broke after the handshake. The handlers receive the same exception. */
        void broke(BackendTlsException cause);
    }

    private final Channel channel;
    private final HandshakeListener listener;
    private final long begun = System.currentTimeMillis();
    private @Nullable SSLEngine engine;
    /** What to do if it fails; set if a session was offered to the backend. */
    private @Nullable Runnable abandonSessions;

    private @Nullable Future<?> timer;
    private boolean over;

    /** @param channel a new connection with an empty pipeline */
    public BackendHandshake(Channel channel, HandshakeListener listener) {
        this.channel = channel;
        this.listener = listener;
    }

    /**
     * Begins. The listener may be called before this returns.
     *
     * @param nanos how long it may take
     */
    public void begin(TlsBackend backend, TlsMemory memory, long nanos) {
        if (!memory.begin(0)) {
            starved();
            return;
        }
        try {
            SslHandler handler =
                    backend.client().newHandler(channel.alloc(), backend.hostname(), channel.remoteAddress());
            if (handler == null) {
                memory.release();
                fail(new BackendTlsException(
                        BackendTlsFailure.NO_CERTIFICATES,
                        "the CA certificates or the client certificate of this backend have not been read"));
                return;
            }
            engine = handler.engine();
            TlsEvents events = new TlsEvents(handler, this, memory);
            timer = Containment.schedule(channel, nanos, this::tooSlow);
            channel.pipeline().addLast(handler, events, this);
            // The handler has sent the client hello.
            if (handler.engine().getSession().getId().length > 0) {
                SocketAddress endpoint = channel.remoteAddress();
                abandonSessions = () -> backend.client().abandonSessions(endpoint);
            }
        } catch (SSLException | RuntimeException e) {
            memory.release();
            fail(new BackendTlsException(BackendTlsFailure.INTERNAL, String.valueOf(e.getMessage()), e));
        } catch (Error e) {
            memory.release();
            throw e;
        }
    }

    /** Stops it, and closes the connection. */
    public void cancel() {
        if (finish()) {
            channel.close();
        }
    }

    private boolean finish() {
        boolean first = !over;
        over = true;
        if (timer != null) {
            timer.cancel(false);
        }
        return first;
    }

    private void tooSlow() {
        fail(new BackendTlsException(BackendTlsFailure.TOO_SLOW, "the handshake took too long"));
    }

    private void fail(BackendTlsException cause) {
        if (!finish()) {
            return;
        }
        if (abandonSessions != null) {
            abandonSessions.run();
        }
        channel.close();
        try {
            listener.unsecured(cause);
        } catch (Throwable e) {
            listener.failed(e);
        }
    }

    @Override
    public boolean secured() {
        if (!finish()) {
            // Too late: the listener knows already.
            return false;
        }
        try {
            channel.pipeline().remove(this);
            boolean resumed = false;
            if (engine != null) {
                resumed = TlsResumption.isResumed(engine, begun);
                if (abandonSessions != null) {
                    BackendSessions.dropReplaced(engine);
                }
            }
            listener.secured(resumed);
            return true;
        } catch (Throwable e) {
            channel.close();
            listener.failed(e);
            return false;
        }
    }

    @Override
    public void failed(Throwable cause) {
        fail(BackendFailures.of(cause));
    }

    @Override
    public void starved() {
        fail(new BackendTlsException(BackendTlsFailure.MEMORY, "no memory for the handshake"));
    }

    @Override
    public BackendTlsException broken(Throwable cause) {
        BackendTlsException known = BackendFailures.of(cause);
        if (channel.pipeline().context(this) == null) {
            listener.broke(known);
        }
        return known;
    }

    /** A response that only the end of the connection ends may be incomplete (RFC 9112 §9.8). */
    @Override
    public void truncated(ChannelHandlerContext ctx) {
        ctx.fireExceptionCaught(new BackendTlsException(
                BackendTlsFailure.DISCONNECTED, "the backend ended the connection without a close_notify"));
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof ChannelInputShutdownEvent) {
            fail(new BackendTlsException(BackendTlsFailure.DISCONNECTED, "the backend disconnected in the handshake"));
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        // What breaks the handshake is reported as its failure. After that, the connection is being closed.
        if (!over && !(cause instanceof IOException)) {
            finish();
            channel.close();
            listener.failed(cause);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        fail(new BackendTlsException(BackendTlsFailure.DISCONNECTED, "the backend disconnected in the handshake"));
    }
}
