// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.tls;

import dev.wsroute.proxy.containment.Containment;
import dev.wsroute.proxy.metrics.TlsFailure;
import dev.wsroute.proxy.tcp.TcpChannel;
import dev.wsroute.proxy.tcp.TcpOptions;
import dev.wsroute.proxy.tls.TlsListener.Accepted;
import io.netty.channel.Channel;
import io.netty.handler.ssl.NotSslRecordException;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/** The handshake of a client with a listener. */
final class AcceptedHandshake implements TlsOutcome {

    private static final String TLS_1_3 = "TLSv1.3";

    private final Channel channel;
    private final Accepted accepted;
    private final TlsHandshake events;
    private final long begun = System.currentTimeMillis();

    AcceptedHandshake(Channel channel, Accepted accepted, TlsHandshake events) {
        this.channel = channel;
        this.accepted = accepted;
        this.events = events;
    }

    @Override
    public boolean secured() {
        SSLEngine engine = accepted.handler().engine();
        boolean resumed = TlsResumption.isResumed(engine, begun);
        String refusal = resumed
                ? TlsResumption.refusal(
                        engine, accepted.slot().context().terms().clients())
                : null;
        if (refusal != null) {
            events.failed(TlsFailure.CLIENT_CERTIFICATE, refusal);
            Containment.reset(channel);
            return false;
        }
        SSLSession session = engine.getSession();
        acknowledge(session);
        events.secured(new TlsSession(accepted.slot(), accepted.asksClients(), clientCertificate(session), resumed));
        return true;
    }

    @Override
    public void failed(Throwable cause) {
        events.failed(FailureReasons.of(cause), sentence(cause));
    }

    @Override
    public void starved() {
        events.failed(TlsFailure.MEMORY, "no memory for the handshake");
    }

    /** Never the client's bytes, which Netty quotes if they are no TLS record. */
    private static String sentence(Throwable cause) {
        return cause instanceof NotSslRecordException ? "not a TLS record" : String.valueOf(cause.getMessage());
    }

    /**
     * With TLS 1.3 the client speaks last, and this socket would acknowledge with the next bytes that it sends. A client that
     * waits for that (Nagle's algorithm) would send its request 40 ms later.
     */
    private void acknowledge(SSLSession session) {
        if (channel instanceof TcpChannel && session.getProtocol().equals(TLS_1_3)) {
            TcpOptions.prefer(channel.config(), TcpOptions.QUICKACK, TcpOptions.ACKNOWLEDGE_ONCE);
        }
    }

    private @Nullable String clientCertificate(SSLSession session) {
        if (!accepted.asksClients()) {
            return null;
        }
        try {
            return ForwardedClientCertificate.of((X509Certificate) session.getPeerCertificates()[0]);
        } catch (SSLPeerUnverifiedException none) {
            return null;
        }
    }
}
