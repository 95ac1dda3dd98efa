// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.http.client;

import dev.wsroute.proxy.metrics.RefusalReason;
import dev.wsroute.proxy.metrics.TlsFailure;
import dev.wsroute.proxy.tls.ClientHelloDecoder;
import dev.wsroute.proxy.tls.TlsHandshake;
import dev.wsroute.proxy.tls.TlsListener;
import dev.wsroute.proxy.tls.TlsMemory;
import dev.wsroute.proxy.tls.TlsSession;
import io.netty.channel.Channel;
import java.time.Duration;

/** The TLS handshake of an accepted connection, as part of its arrival. Used on its event loop only. */
final class TlsArrival implements TlsHandshake {

    private final TlsListener listener;
    private final HttpSettings settings;
    private final ClientAdmission admission;
    private final PersistentConnection connection;
    private final Duration limit;
    private final boolean ahead;
    private final long acceptedAt = System.nanoTime();

    private TlsArrival(
            TlsListener listener,
            HttpSettings settings,
            ClientAdmission admission,
            PersistentConnection connection,
            Duration limit,
            boolean ahead) {
        this.listener = listener;
        this.settings = settings;
        this.admission = admission;
        this.connection = connection;
        this.limit = limit;
        this.ahead = ahead;
    }

    /**
     * Appends the handlers of TLS; those of the connection must follow.
     *
     * @param limit time for the handshake
     * @param ahead whether the client may have opened the connection in advance: then the time begins with its first byte
     */
    static void install(
            Channel channel,
            TlsListener listener,
            HttpSettings settings,
            ClientAdmission admission,
            PersistentConnection connection,
            Duration limit,
            boolean ahead) {
        ClientHelloDecoder.install(
                channel,
                listener,
                new TlsArrival(listener, settings, admission, connection, limit, ahead),
                new TlsMemory(settings.memory(), channel));
    }

    @Override
    public void begun() {
        if (ahead) {
            connection.awaitHead();
        }
    }

    @Override
    public boolean admit() {
        RefusalReason refusal = admission.beginTls();
        if (refusal == null) {
            return true;
        }
        settings.metrics().refused(refusal, 0, "");
        failed(TlsFailure.HANDSHAKE_RATE, "too many handshakes per second");
        return false;
    }

    @Override
    public void secured(TlsSession session) {
        admission.secured(session);
        settings.metrics().tlsEstablished(listener.name(), session.isResumed());
        if (ahead) {
            connection.awaitFirst();
        }
    }

    @Override
    public void plaintext() {
        connection.refusePlaintext();
    }

    @Override
    public void failed(TlsFailure reason, String detail) {
        boolean tooSlow = reason == TlsFailure.DISCONNECTED && System.nanoTime() - acceptedAt >= limit.toNanos();
        settings.handshakes().failed(tooSlow ? TlsFailure.TOO_SLOW : reason, listener.name(), admission.peer(), detail);
    }
}
