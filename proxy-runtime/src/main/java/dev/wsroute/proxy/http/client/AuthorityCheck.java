// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.http.client;

import dev.wsroute.config.NameValue;
import dev.wsroute.proxy.codec.AbsoluteForm;
import dev.wsroute.proxy.http.headers.FieldNames;
import dev.wsroute.proxy.http.headers.RequestHead;
import dev.wsroute.proxy.http.request.Rejection;
import dev.wsroute.proxy.http.request.RequestRejectedException;
import dev.wsroute.proxy.metrics.RefusalReason;
import dev.wsroute.proxy.tls.TlsListener;
import dev.wsroute.proxy.tls.TlsSession;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Refuses requests that do not belong on their connection: it has another certificate, or should have TLS. */
final class AuthorityCheck {

    private static final int HTTPS_PORT = 443;

    private AuthorityCheck() {}

    /**
     * @param session null for a connection without TLS
     * @throws RequestRejectedException with 308, 400 or 421
     */
    static void check(RequestHead head, ListenerRole role, @Nullable TlsSession session)
            throws RequestRejectedException {
        TlsListener tls = role.tls();
        if (session == null) {
            checkPlain(head, role.redirectPort(), tls != null);
        } else if (tls != null) {
            checkSecured(head.host(), session, tls);
        }
    }

    private static void checkPlain(RequestHead head, @Nullable Integer redirectPort, boolean secured)
            throws RequestRejectedException {
        if (redirectPort != null) {
            throw new RequestRejectedException(redirect(head, redirectPort));
        }
        if (secured) {
            // The connection was opened before its listener had TLS.
            throw new RequestRejectedException(Rejection.tlsRequired());
        }
    }

    /** What counts is what the port's listener demands now, not what it did at the handshake. */
    private static void checkSecured(String host, TlsSession session, TlsListener tls) throws RequestRejectedException {
        if (session.missesClientCertificate(tls)) {
            throw new RequestRejectedException(Rejection.of(
                            RefusalReason.MISDIRECTED,
                            HttpResponseStatus.MISDIRECTED_REQUEST,
                            "This listener has begun to demand client certificates; open a new connection.")
                    .andClose());
        }
        if (!host.isEmpty() && !session.covers(tls, host)) {
            Rejection misdirected = Rejection.of(
                    RefusalReason.MISDIRECTED,
                    HttpResponseStatus.MISDIRECTED_REQUEST,
                    "The Host header names a host with another certificate than the one of this connection.");
            // If the port no longer has this certificate, no request can succeed on the connection.
            throw new RequestRejectedException(session.isPresentedBy(tls) ? misdirected : misdirected.andClose());
        }
    }

    private static Rejection redirect(RequestHead head, int port) {
        if (head.hostHeader().isEmpty()) {
            return Rejection.malformed("A Host header is required.");
        }
        String location = "https://" + withoutPort(head.hostHeader()) + (port == HTTPS_PORT ? "" : ":" + port)
                + originForm(head.target());
        return new Rejection(
                RefusalReason.REDIRECTED,
                HttpResponseStatus.PERMANENT_REDIRECT,
                // Without the address, whose query may hold a token: the sentence is logged.
                "Use https; the Location header has the address.",
                false,
                List.of(new NameValue(FieldNames.LOCATION.toString(), location)));
    }

    private static String withoutPort(String host) {
        int colon = host.lastIndexOf(':');
        return colon > host.lastIndexOf(']') ? host.substring(0, colon) : host;
    }

    private static String originForm(String target) {
        AbsoluteForm absolute = AbsoluteForm.of(target);
        String path = absolute == null ? target : target.substring(absolute.pathStart());
        if (path.startsWith("/")) {
            return path;
        }
        return path.startsWith("?") ? "/" + path : "/";
    }
}
