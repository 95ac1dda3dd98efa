package dev.wsroute.proxy.metrics;

import dev.wsroute.proxy.drain.CloseReason;
import org.jspecify.annotations.Nullable;

/**
 * One line of the access log.
 *
 * @param epochMillis when the request head was read
 * @param nanos from then to the end
 * @param client address and port of the client
 * @param method as received; empty when the request could not be read
 * @param host of the Host header, lower case, without port
 * @param target as received
 * @param userAgent as received, if any
 * @param status HTTP status that the client got; 101 for a WebSocket; 0 when it got none
 * @param route {@code namespace/name}; null when none fitted
 * @param backend its name; null when none was chosen
 * @param endpoint address and port; null when none was connected
 * @param detail why the proxy refused or gave up; null when it did not
 * @param tunnel what went through the WebSocket; null when there was none
 */
public record AccessEntry(
        long epochMillis,
        long nanos,
        String client,
        String method,
        String host,
        String target,
        @Nullable String userAgent,
        int status,
        @Nullable String route,
        @Nullable String backend,
        @Nullable String endpoint,
        @Nullable String detail,
        @Nullable Tunnel tunnel) {

    /**
     * What went through a WebSocket.
     *
     * @param messagesIn data messages from the client
     * @param bytesIn bytes from the client, frame headers included
     * @param messagesOut data messages from the backend
     * @param bytesOut bytes from the backend, frame headers included
     * @param closeCode code of the first Close frame, RFC 6455 §7.4; -1 when there was none, or none in it
     * @param closeReason why the proxy closed; null when it did not
     * @param end how it ended
     */
    public record Tunnel(
            long messagesIn,
            long bytesIn,
            long messagesOut,
            long bytesOut,
            int closeCode,
            @Nullable CloseReason closeReason,
            TunnelEnd end) {}
}
