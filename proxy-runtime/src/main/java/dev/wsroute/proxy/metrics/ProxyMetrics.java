// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.metrics;

import dev.wsroute.proxy.discovery.EndpointKey;
import org.jspecify.annotations.Nullable;

/** Receives the events of the data plane. Called on every event loop; must not block or throw. */
public interface ProxyMetrics {

    /** A client's TCP connection was accepted. */
    void clientConnected();

    /** A client's TCP connection was closed, with or without a tunnel. */
    void clientDisconnected();

    /** A listener paused because accepting failed. */
    void acceptPaused();

    /**
     * The proxy refused a request, or reset a connection without a response.
     *
     * @param status HTTP status of the response; 0 for none
     * @param route {@code namespace/name}; empty if no route matched
     */
    void refused(RefusalReason reason, int status, String route);

    /** A request was served that access rules in mode Enforce would have refused. */
    void accessReported(String route, RefusalReason reason);

    /**
     * A TLS handshake with a client succeeded.
     *
     * @param resumed whether the client resumed an earlier session
     */
    void tlsEstablished(String listener, boolean resumed);

    /** A TLS handshake with a client failed. */
    void tlsFailed(TlsFailure reason);

    /**
     * A plain HTTP exchange ended, or a backend refused an upgrade.
     *
     * @param status HTTP status sent to the client; 0 for none
     * @param nanos nanoseconds from the request head to the last byte of the response
     */
    void exchangeEnded(String route, String backend, int status, long nanos);

    /** Connecting to an endpoint failed. Another one may be tried. */
    void connectFailed(String route, String backend, EndpointKey endpoint);

    /**
     * A TLS handshake with an endpoint has succeeded.
     *
     * @param resumed whether it resumed a session
     */
    void backendTlsEstablished(String route, String backend, boolean resumed);

    /** TLS with an endpoint failed: the handshake, which is also a failure to connect, or later. */
    void backendTlsFailed(String route, String backend, BackendTlsFailure reason);

    /**
     * An authorization service was to decide about a request or an open WebSocket.
     *
     * @param failure why it did not decide; null if it did
     * @param nanos how long that took
     */
    void authorizationChecked(
            String route,
            AuthorizationOutcome outcome,
            @Nullable String failure,
            AuthorizationSource source,
            long nanos);

    /** Another endpoint is tried after a failure. */
    void connectRetried(String route, String backend);

    /** An endpoint was ejected. */
    void ejected(String route, String backend);

    /** A WebSocket was opened by a rule that prefers endpoints of the proxy's zone. */
    void zoneChosen(String route, String backend, ZoneRelation zone);

    /**
     * A WebSocket was opened.
     *
     * @param handshake duration of the handshake
     * @return receives the events of this WebSocket
     */
    TunnelMeter tunnelOpened(String route, String backend, HandshakeTimes handshake);

    /** Ignores all events. */
    ProxyMetrics NONE = new NoMetrics();
}
