package dev.wsroute.proxy.accesslog;

import dev.wsroute.proxy.drain.CloseReason;
import dev.wsroute.proxy.metrics.HandshakeTimes;
import dev.wsroute.proxy.metrics.TunnelEnd;
import org.jspecify.annotations.Nullable;

/**
 * One line of the access log: a plain exchange, or the opening or the end of a WebSocket.
 *
 * @param epochMillis when the request head was read
 * @param nanos from then to what the line tells of
 * @param client address of the client, as trusted proxies tell it; with its port when it is the peer
 * @param peer address and port of the other end of the connection
 * @param requestId X-Request-Id that the backend gets; empty when the request could not be read
 * @param method as received; empty when the request could not be read
 * @param host of the Host header, lower case, without port
 * @param target as received
 * @param userAgent as received, if any
 * @param status HTTP status that the client got; 101 for a WebSocket; 0 when it got none
 * @param route {@code namespace/name}; null when none fitted
 * @param rule its name; null when none fitted
 * @param backend its name; null when none was chosen
 * @param endpoint address and port; null when none was connected
 * @param detail why the proxy refused or gave up; null when it did not
 * @param handshake how the WebSocket was opened; null when none was
 * @param tunnel what went through the WebSocket; null while it is open, and when there was none
 */
public record AccessEntry(
        long epochMillis,
        long nanos,
        String client,
        String peer,
        String requestId,
        String method,
        String host,
        String target,
        @Nullable String userAgent,
        int status,
        @Nullable String route,
        @Nullable String rule,
        @Nullable String backend,
        @Nullable String endpoint,
        @Nullable String detail,
        @Nullable Handshake handshake,
        @Nullable Tunnel tunnel) {

    /** What is longer is cut: peers choose how long it is. In characters. */
    public static final int MAX_TEXT = 2048;

    /** The objects without their texts: this one, a {@link Handshake} and a {@link Tunnel}, ten strings. */
    private static final int FIXED_BYTES = 800;

    /** What is kept and shown of what a peer sent; no part of a longer text stays in memory for it. */
    public static String cut(String text) {
        return text.length() <= MAX_TEXT ? text : text.substring(0, MAX_TEXT);
    }

    /** About how many bytes of the heap it holds for itself; names of the configuration are shared. */
    public int bytes() {
        return FIXED_BYTES
                + length(client)
                + length(peer)
                + length(requestId)
                + length(method)
                + length(host)
                + length(target)
                + length(userAgent)
                + length(endpoint)
                + length(detail)
                + (handshake == null ? 0 : length(handshake.subprotocol()));
    }

    private static int length(@Nullable String text) {
        return text == null ? 0 : text.length();
    }

    /** What a line tells of. */
    public enum Event {
        /** A plain exchange, or a handshake that opened no WebSocket, has ended. */
        REQUEST,
        /** A WebSocket was opened. */
        OPEN,
        /** A WebSocket has ended. */
        CLOSE
    }

    /** What the line tells of. */
    public Event event() {
        if (tunnel != null) {
            return Event.CLOSE;
        }
        return handshake != null ? Event.OPEN : Event.REQUEST;
    }

    /**
     * How a WebSocket was opened.
     *
     * @param times that it took
     * @param subprotocol that the backend chose; null without one
     */
    public record Handshake(HandshakeTimes times, @Nullable String subprotocol) {}

    /**
     * What went through a WebSocket.
     *
     * @param messagesIn data messages from the client
     * @param bytesIn bytes from the client, frame headers included
     * @param messagesOut data messages from the backend
     * @param bytesOut bytes from the backend, frame headers included
     * @param closingNanos from the first Close frame, or from when the proxy began to close, to the end; -1 without either
     * @param closeCode code of the first Close frame, whoever sent it, RFC 6455 §7.4; 1005 when it had none; -1 when there
     *     was no Close frame
     * @param closeReason why the proxy closed; null when it did not
     * @param end how it ended
     */
    public record Tunnel(
            long messagesIn,
            long bytesIn,
            long messagesOut,
            long bytesOut,
            long closingNanos,
            int closeCode,
            @Nullable CloseReason closeReason,
            TunnelEnd end) {}
}
