// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.http.client;

import dev.wsroute.proxy.accesslog.AccessEntry;
import dev.wsroute.proxy.drain.Subject;
import dev.wsroute.proxy.http.headers.RequestHead;
import dev.wsroute.proxy.metrics.HandshakeTimes;
import dev.wsroute.proxy.routing.ActiveRule;
import dev.wsroute.proxy.routing.EndpointLease;
import dev.wsroute.proxy.routing.Grant;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Collects the access log data of one request. It lives as long as a tunnel, so it stores no derived texts, and at most
 * {@link AccessEntry#MAX_TEXT} characters of each text from a peer.
 */
public final class ExchangeRecord {

    /** Size of the object, its addresses, and its strings without their characters. */
    private static final int FIXED_BYTES = 600;

    private final long epochMillis = System.currentTimeMillis();
    private final long startNanos = System.nanoTime();
    private final InetSocketAddress peer;
    /** The client that trusted proxies reported; null if the peer is the client. */
    private @Nullable String client;

    private String requestId = "";
    private String method = "";
    private String host = "";
    private String target = "";
    private @Nullable String userAgent;
    private @Nullable Subject subject;
    private int rightsBytes;
    private @Nullable String reported;
    private int status;
    private @Nullable String route;
    private @Nullable String rule;
    private @Nullable String backend;
    private @Nullable InetSocketAddress endpoint;
    private @Nullable String detail;
    private long connectedNanos;
    private AccessEntry.@Nullable Handshake handshake;

    /** @param peer peer of the connection */
    ExchangeRecord(InetSocketAddress peer) {
        this.peer = peer;
    }

    /** @param secretParameters names of query parameters that must not be logged */
    void request(RequestHead head, Set<String> secretParameters) {
        method = AccessEntry.cut(head.method().name());
        host = AccessEntry.cut(head.host());
        target = AccessEntry.cut(head.targetWithout(secretParameters));
        requestId = AccessEntry.cut(head.requestId());
        if (!head.clientAddress().equals(peer.getAddress())) {
            client = head.clientAddress().getHostAddress();
        }
        String agent = head.headers().get(HttpHeaderNames.USER_AGENT);
        userAgent = agent == null ? null : AccessEntry.cut(agent);
    }

    /** Records what the access checks found out. The target stays as it was recorded, without anything secret. */
    void granted(Grant grant) {
        subject = grant.subject();
        reported = cutOrNull(grant.note());
        rightsBytes = grant.rightsBytes();
    }

    private static @Nullable String cutOrNull(@Nullable String text) {
        return text == null ? null : AccessEntry.cut(text);
    }

    void routed(ActiveRule active) {
        route = active.route();
        rule = active.config().name();
    }

    /**
     * Records the endpoint of the request.
     *
     * @param remote connected address; null if already disconnected
     */
    public void connected(EndpointLease lease, @Nullable SocketAddress remote) {
        connectedNanos = nanos();
        backend = lease.backend();
        InetSocketAddress other = lease.endpoint().other();
        endpoint =
                other != null && other.equals(remote) ? other : lease.endpoint().address();
    }

    /**
     * Records a valid 101 from the backend.
     *
     * @param subprotocol chosen subprotocol; null for none
     * @return durations of the handshake
     */
    public HandshakeTimes switched(@Nullable String subprotocol) {
        status = HttpResponseStatus.SWITCHING_PROTOCOLS.code();
        HandshakeTimes times = new HandshakeTimes(connectedNanos, nanos() - connectedNanos);
        handshake = new AccessEntry.Handshake(times, subprotocol == null ? null : AccessEntry.cut(subprotocol));
        return times;
    }

    /** Records the status sent to the client. */
    public void status(int code) {
        status = code;
    }

    /** Records why the proxy refused or aborted the request. */
    public void detail(String sentence) {
        detail = AccessEntry.cut(sentence);
    }

    /** Approximate heap usage in bytes. */
    long heapBytes() {
        return 256L
                + rightsBytes
                + method.length()
                + host.length()
                + target.length()
                + requestId.length()
                + length(userAgent)
                + (subject == null ? 0 : subject.bytes())
                + length(reported);
    }

    int status() {
        return status;
    }

    String routeOrEmpty() {
        return route == null ? "" : route;
    }

    String backendOrEmpty() {
        return backend == null ? "" : backend;
    }

    /** Nanoseconds since the request head was read. */
    long nanos() {
        return System.nanoTime() - startNanos;
    }

    /** Approximate heap usage in bytes. Depends on peers, up to 2,048 bytes per text. */
    public int bytes() {
        String subprotocol = handshake == null ? null : handshake.subprotocol();
        return FIXED_BYTES
                + rightsBytes
                + requestId.length()
                + method.length()
                + host.length()
                + target.length()
                + length(client)
                + length(userAgent)
                + (subject == null ? 0 : subject.bytes())
                + length(reported)
                + length(detail)
                + length(subprotocol);
    }

    private static int length(@Nullable String text) {
        return text == null ? 0 : text.length();
    }

    /** The current entry. */
    public AccessEntry entry(AccessEntry.@Nullable TunnelTotals tunnel) {
        String from = text(peer);
        return new AccessEntry(
                epochMillis,
                nanos(),
                client == null ? from : client,
                from,
                requestId,
                method,
                host,
                target,
                userAgent,
                subject,
                status,
                route,
                rule,
                backend,
                endpoint == null ? null : endpoint.getHostString() + ":" + endpoint.getPort(),
                detail,
                reported,
                handshake,
                tunnel);
    }

    private static String text(InetSocketAddress address) {
        return address.getAddress().getHostAddress() + ":" + address.getPort();
    }
}
