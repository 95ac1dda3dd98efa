package dev.wsroute.proxy.metrics;

import dev.wsroute.proxy.discovery.EndpointKey;

/** Receives what happens in the data plane. Called on every event loop; never blocks, never throws. */
public interface ProxyMetrics {

    /** A client's TCP connection was accepted. */
    void clientConnected();

    /** A client's TCP connection ended, tunnel or not. */
    void clientDisconnected();

    /** A listener waits before it accepts again, since accepting failed. */
    void acceptPaused();

    /**
     * The proxy answered a request itself, or turned a connection away without an answer.
     *
     * @param status HTTP status that it answered; 0 when it closed without one
     * @param route {@code namespace/name}; empty when the request fitted none
     */
    void refused(RefusalReason reason, int status, String route);

    /**
     * A plain HTTP exchange ended, or a backend refused an upgrade.
     *
     * @param status HTTP status that the client got; 0 when it got none
     * @param nanos from the request head to the last byte of the response
     */
    void exchangeEnded(String route, String backend, int status, long nanos);

    /** Connecting to an endpoint failed; another one may be tried. */
    void connectFailed(String route, String backend, EndpointKey endpoint);

    /** After an endpoint had failed, another one is tried. */
    void connectRetried(String route, String backend);

    /** An endpoint failed too often in a row and is left out for a while. */
    void ejected(String route, String backend);

    /**
     * A WebSocket was opened.
     *
     * @param handshake how long it took
     * @return what is told about it from then on
     */
    TunnelMeter tunnelOpened(String route, String backend, HandshakeTimes handshake);

    /** Hears nothing. */
    ProxyMetrics NONE = new NoMetrics();
}
