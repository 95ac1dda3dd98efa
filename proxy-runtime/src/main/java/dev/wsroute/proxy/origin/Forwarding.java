package dev.wsroute.proxy.origin;

import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/**
 * What trusted proxies in front say of a request, as far as it is believed: what they wrote in X-Forwarded-*, or what
 * they wrote in Forwarded (RFC 7239), never both (ADR 28).
 *
 * @param client who sent the request; null when they do not say
 * @param chain of the proxies before the peer, as X-Forwarded-For has it; null for none
 * @param elements the same chain, as Forwarded has it; null when it is not of that header
 * @param standard a Forwarded header came, believed or not
 * @param proto the scheme that the client used: http, https, ws or wss; null when it is not said
 * @param host that the client asked for, with a port or without; null when it is not said
 * @param port that the client connected to; null when it is not said
 */
public record Forwarding(
        @Nullable InetAddress client,
        @Nullable String chain,
        @Nullable String elements,
        boolean standard,
        @Nullable String proto,
        @Nullable String host,
        @Nullable Integer port) {

    /** Nothing is said, or nobody is believed. */
    public static final Forwarding NONE = new Forwarding(null, null, null, false, null, null, null);

    /** A Forwarded header came that cannot be read as far as is needed. */
    static final Forwarding UNREADABLE = new Forwarding(null, null, null, true, null, null, null);

    /** Whether the client used TLS; null when that is not said. */
    @Nullable Boolean secure() {
        return proto == null ? null : proto.equals("https") || proto.equals("wss");
    }
}
