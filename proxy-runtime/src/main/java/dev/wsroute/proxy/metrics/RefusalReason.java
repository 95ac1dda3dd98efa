package dev.wsroute.proxy.metrics;

import java.util.Locale;

/** Why the proxy itself turned a connection or a request away: a label of bounded cardinality. */
public enum RefusalReason {
    /** What came is no request that could be understood in one way only. */
    MALFORMED,
    /** The request line or the headers are longer, or more, than they may be. */
    TOO_LARGE,
    /** The client took too long to send its request. */
    TOO_SLOW,
    /** The budget for unfinished heads is exhausted. */
    UNFINISHED_HEADS,
    /** A method or a version of HTTP that is not served. */
    NOT_SUPPORTED,
    /** No route fits. */
    NO_ROUTE,
    /** The request has come back to the proxy that sent it, or has passed too many. */
    LOOP,
    /** The route refuses paths that can be read in more than one way, and this is one. */
    AMBIGUOUS_PATH,
    /** The rule serves WebSocket only, or another version of the protocol was asked for. */
    UPGRADE_REQUIRED,
    /** The rule's backends have no endpoint that takes connections. */
    NO_ENDPOINT,
    /** All endpoints that were tried refused the connection, or did not answer. */
    UNREACHABLE,
    /** The backend did not keep to the protocol. */
    BACKEND_BROKEN,
    /** The backend took too long to answer, or to take the request's body. */
    BACKEND_TOO_SLOW,
    /** The proxy is about to go. */
    SHUTTING_DOWN,
    /** The proxy has as many connections as it may. */
    CONNECTIONS,
    /** This client has as many connections as it may. */
    CLIENT_CONNECTIONS,
    /** More handshakes began within a second than may. */
    HANDSHAKE_RATE,
    /** As many handshakes as may wait for their backend's answer. */
    PENDING_HANDSHAKES,
    /** A PROXY protocol header is missing, broken, or of somebody who is not trusted. */
    PROXY_PROTOCOL,
    /** The proxy is short of memory: for new requests, or for what waits for this client. */
    MEMORY,
    /** The process has no file descriptor or port left for a connection to a backend. */
    OUT_OF_DESCRIPTORS;

    private final String label = name().toLowerCase(Locale.ROOT);

    /** As it is spelled in metrics. */
    public String label() {
        return label;
    }
}
