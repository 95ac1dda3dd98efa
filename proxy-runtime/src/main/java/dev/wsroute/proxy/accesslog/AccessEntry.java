// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.accesslog;

import dev.wsroute.proxy.drain.CloseReason;
import dev.wsroute.proxy.drain.Subject;
import dev.wsroute.proxy.metrics.HandshakeTimes;
import dev.wsroute.proxy.metrics.TunnelOutcome;
import org.jspecify.annotations.Nullable;

/**
 * An entry of the access log: a plain exchange, or the opening or end of a WebSocket.
 *
 * @param epochMillis when the request head was read
 * @param nanos nanoseconds from then to the event
 * @param client address of the client, as trusted proxies report it; with its port if it is the peer
 * @param peer address and port of the peer of the connection
 * @param requestId X-Request-Id that the backend gets; empty when the request could not be read
 * @param method as received; empty when the request could not be read
 * @param host of the Host header, lower case, without port
 * @param target as received
 * @param userAgent as received, if any
 * @param subject who the client is, as access rules found out; null if unknown
 * @param status HTTP status sent to the client; 101 for a WebSocket; 0 if none was sent
 * @param route {@code namespace/name}; null if none matched
 * @param rule name of the rule; null if none matched
 * @param backend name of the backend; null if none was chosen
 * @param endpoint address and port; null if none was connected
 * @param detail why the proxy refused or aborted the request; null if it did not
 * @param reported what access rules in mode Report would have refused; null for nothing
 * @param handshake how the WebSocket was opened; null if none was
 * @param tunnel what the WebSocket transferred; null while it is open or if there was none
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
        @Nullable Subject subject,
        int status,
        @Nullable String route,
        @Nullable String rule,
        @Nullable String backend,
        @Nullable String endpoint,
        @Nullable String detail,
        @Nullable String reported,
        @Nullable Handshake handshake,
        @Nullable TunnelTotals tunnel) {

    /** Maximum length in characters of texts from peers, which are truncated. */
    public static final int MAX_TEXT = 2048;

    /** Size of the objects without their texts: this one, a {@link Handshake}, a {@link TunnelTotals} and twelve strings. */
    private static final int FIXED_BYTES = 800;

    /** Truncates a text from a peer, without keeping the rest in memory. */
    public static String cut(String text) {
        return text.length() <= MAX_TEXT ? text : text.substring(0, MAX_TEXT);
    }

    /** Approximate heap usage in bytes, without names of the configuration, which are shared. */
    public int bytes() {
        return FIXED_BYTES
                + length(client)
                + length(peer)
                + length(requestId)
                + length(method)
                + length(host)
                + length(target)
                + length(userAgent)
                + (subject == null ? 0 : subject.bytes())
                + length(reported)
                + length(endpoint)
                + length(detail)
                + (handshake == null ? 0 : length(handshake.subprotocol()));
    }

    private static int length(@Nullable String text) {
        return text == null ? 0 : text.length();
    }

    /** The kind of an entry. */
    public enum Event {
        /** A plain exchange or a refused handshake has ended. */
        REQUEST,
        /** A WebSocket was opened. */
        OPEN,
        /** A WebSocket has ended. */
        CLOSE
    }

    /** The kind of this entry. */
    public Event event() {
        if (tunnel != null) {
            return Event.CLOSE;
        }
        return handshake != null ? Event.OPEN : Event.REQUEST;
    }

    /**
     * How a WebSocket was opened.
     *
     * @param times durations of its phases
     * @param subprotocol subprotocol that the backend chose; null for none
     */
    public record Handshake(HandshakeTimes times, @Nullable String subprotocol) {}

    /**
     * The amounts that a WebSocket transferred, and how it ended.
     *
     * @param messagesIn data messages from the client
     * @param bytesIn bytes from the client, frame headers included
     * @param messagesOut data messages from the backend
     * @param bytesOut bytes from the backend, frame headers included
     * @param closingNanos nanoseconds from the first Close frame, or from when the proxy began to close, to the end; -1
     *     if neither happened
     * @param closeCode code of the first Close frame from either side (RFC 6455 §7.4); 1005 if it had none; -1 if there
     *     was no Close frame
     * @param closeReason why the proxy closed the WebSocket; null if it did not
     * @param end how it ended
     */
    public record TunnelTotals(
            long messagesIn,
            long bytesIn,
            long messagesOut,
            long bytesOut,
            long closingNanos,
            int closeCode,
            @Nullable CloseReason closeReason,
            TunnelOutcome end) {}
}
