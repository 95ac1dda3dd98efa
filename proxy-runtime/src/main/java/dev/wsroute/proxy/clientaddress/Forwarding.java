// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.clientaddress;

import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/**
 * What trusted proxies report about a request: read from X-Forwarded-* or from Forwarded (RFC 7239), never from both
 * (ADR 28).
 *
 * @param client client that sent the request; null if unknown
 * @param chain addresses before the peer, in the form of X-Forwarded-For; null for none
 * @param elements the same chain in the form of Forwarded; null if it was not read from that header
 * @param standard whether the request had a Forwarded header, used or not
 * @param proto the client's scheme: http, https, ws or wss; null if unknown
 * @param host host that the client requested, perhaps with a port; null if unknown
 * @param port port that the client connected to; null if unknown
 */
public record Forwarding(
        @Nullable InetAddress client,
        @Nullable String chain,
        @Nullable String elements,
        boolean standard,
        @Nullable String proto,
        @Nullable String host,
        @Nullable Integer port) {

    /** No forwarding headers, or an untrusted peer. */
    public static final Forwarding NONE = new Forwarding(null, null, null, false, null, null, null);

    /** The request had a malformed Forwarded header. */
    static final Forwarding UNREADABLE = new Forwarding(null, null, null, true, null, null, null);

    /** Whether the client used TLS; null if unknown. */
    @Nullable Boolean secure() {
        return proto == null ? null : proto.equals("https") || proto.equals("wss");
    }
}
