// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.metrics;

import java.util.Locale;

/** Why the proxy refused a connection or a request. A metric label of bounded cardinality. */
public enum RefusalReason {
    /** The request is malformed or ambiguous. */
    MALFORMED,
    /** The request line or the headers are too long or too many. */
    TOO_LARGE,
    /** The client took too long to send its request. */
    TOO_SLOW,
    /** The memory budget for incomplete heads is exhausted. */
    UNFINISHED_HEADS,
    /** Unsupported method or HTTP version. */
    NOT_SUPPORTED,
    /** No route matches. */
    NO_ROUTE,
    /** A loop: the request has passed this proxy before, or has passed too many proxies. */
    LOOP,
    /** The route refuses ambiguous paths, and this is one. */
    AMBIGUOUS_PATH,
    /** The rule accepts only WebSocket, or the client requested another version of the protocol. */
    UPGRADE_REQUIRED,
    /** The rule's backends have no endpoint that accepts connections. */
    NO_ENDPOINT,
    /** All attempts to connect to an endpoint failed. */
    UNREACHABLE,
    /** The backend violated the protocol. */
    BACKEND_BROKEN,
    /** The backend took too long to respond or to read the request body. */
    BACKEND_TOO_SLOW,
    /** The proxy is shutting down. */
    SHUTTING_DOWN,
    /** The proxy has reached its connection limit. */
    CONNECTIONS,
    /** More clients connect than the proxy can serve. */
    OVERLOAD,
    /** The connection limit of this client is reached. */
    CLIENT_CONNECTIONS,
    /** The limit of WebSockets of this subject is reached. */
    SUBJECT_CONNECTIONS,
    /** The rate limit of handshakes is exceeded. */
    HANDSHAKE_RATE,
    /** The limit of pending handshakes is reached. */
    PENDING_HANDSHAKES,
    /** A PROXY protocol header is missing, malformed, or from an untrusted peer. */
    PROXY_PROTOCOL,
    /** The client speaks HTTP on a port that requires TLS. */
    TLS_REQUIRED,
    /** The Host header selects another certificate than the connection's. */
    MISDIRECTED,
    /** Access rules do not allow the client's address. */
    ADDRESS_DENIED,
    /** Access rules do not allow the page's origin. */
    ORIGIN_DENIED,
    /** Access rules require a token, and the request has none. */
    TOKEN_MISSING,
    /** The request's token is malformed, forged, expired, revoked or not meant for this rule. */
    TOKEN_INVALID,
    /** The request's token lacks a claim that access rules require. */
    CLAIM_MISSING,
    /** The request's token cannot be verified: no key is in force, or too many wait. */
    TOKEN_UNVERIFIED,
    /** The authorization service refused the request. */
    AUTHORIZATION_DENIED,
    /** The authorization service did not decide. */
    AUTHORIZATION_UNAVAILABLE,
    /** Access rules ask for a password or an API key, and there is none. */
    CREDENTIALS_MISSING,
    /** The password or the API key is wrong. */
    CREDENTIALS_INVALID,
    /** Passwords or API keys cannot be checked at the moment. */
    CREDENTIALS_UNVERIFIED,
    /** A check of access rules has failed, or has not ended. */
    ACCESS_UNDECIDED,
    /** The proxy answered a CORS preflight request itself. */
    PREFLIGHT,
    /** The listener redirects to https. */
    REDIRECTED,
    /** The proxy is low on memory, for new requests or for bytes queued for this client. */
    MEMORY,
    /** The process has no file descriptor or port left to connect to a backend. */
    OUT_OF_DESCRIPTORS;

    private final String label = name().toLowerCase(Locale.ROOT);

    /** The value of the metric label. */
    public String label() {
        return label;
    }
}
