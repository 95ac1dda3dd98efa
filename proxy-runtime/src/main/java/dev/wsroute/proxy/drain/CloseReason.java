// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.drain;

/** Why the proxy itself closes a WebSocket: the close code (RFC 6455 §7.4) and reason that both sides receive. */
public enum CloseReason {
    PROXY_SHUTDOWN(1001, "proxy shutting down"),
    ROUTE_REMOVED(1001, "route removed"),
    IDLE(1001, "idle"),
    WRITE_STALL(1001, "write stall"),
    BACKEND_LEAVING(1012, "backend leaving"),
    BACKEND_VANISHED(1012, "backend vanished"),
    MAX_AGE(1012, "maximum age"),
    REBALANCED(1012, "rebalanced"),
    PROXY_REBALANCED(1012, "proxy rebalanced"),
    MESSAGE_TOO_BIG(1009, "message too big"),
    TOKEN_EXPIRED(1008, "token expired"),
    TOKEN_REVOKED(1008, "token revoked"),
    AUTHORIZATION_EXPIRED(1008, "authorization expired"),
    AUTHORIZATION_WITHDRAWN(1008, "authorization withdrawn"),
    RATE_EXCEEDED(1008, "message rate exceeded"),
    PROTOCOL_ERROR(1002, "protocol error");

    private final int code;
    private final String phrase;

    CloseReason(int code, String phrase) {
        this.code = code;
        this.phrase = phrase;
    }

    /** Whether the connection could stay, and is closed for the sake of an even load only. */
    boolean isForBalance() {
        return this == REBALANCED || this == PROXY_REBALANCED;
    }

    /** The status code of the Close frame. */
    public int code() {
        return code;
    }

    /** The reason in the Close frame: ASCII, at most 123 bytes. */
    public String phrase() {
        return phrase;
    }
}
