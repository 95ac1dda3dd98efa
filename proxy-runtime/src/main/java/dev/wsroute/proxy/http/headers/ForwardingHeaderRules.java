// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.http.headers;

import dev.wsroute.config.IdentityHeaders;
import dev.wsroute.proxy.clientaddress.ClientInfo;
import dev.wsroute.proxy.clientaddress.ForwardingWriter;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.AsciiString;

/**
 * The headers that describe a request's client to a backend: X-Forwarded-For, -Proto, -Host, -Port, Forwarded and
 * X-Request-Id. Those of a trusted peer are kept and the peer is added to the chain; those of others are replaced or
 * dropped.
 */
final class ForwardingHeaderRules {

    private static final AsciiString FOR = AsciiString.cached("X-Forwarded-For");
    private static final AsciiString PROTO = AsciiString.cached("X-Forwarded-Proto");
    private static final AsciiString HOST = AsciiString.cached("X-Forwarded-Host");
    private static final AsciiString PORT = AsciiString.cached("X-Forwarded-Port");
    private static final AsciiString FORWARDED = AsciiString.cached("Forwarded");

    private static final String X_FORWARDED = "x-forwarded";

    /** Always replaced by {@link #add}. */
    private static final HeaderNames OURS = HeaderNames.of(IdentityHeaders.OURS);

    private static final HeaderNames REPORTED_BY_PROXIES = HeaderNames.of(IdentityHeaders.REPORTED_BY_PROXIES);

    private static final String[] FAMILIES = IdentityHeaders.FAMILIES.toArray(String[]::new);

    /**
     * Always dropped: CGI maps it to the variable that configures a program's outgoing proxy (httpoxy, CVE-2016-5385).
     */
    private static final HeaderNames NEVER_FORWARDED = HeaderNames.of("proxy");

    private ForwardingHeaderRules() {}

    /** Whether this header describes a client or its request. */
    static boolean isForwardingHeader(CharSequence name) {
        return OURS.contains(name) || REPORTED_BY_PROXIES.contains(name) || isOfFamily(name);
    }

    /** Whether a header is always dropped. */
    static boolean isNeverForwarded(CharSequence name) {
        return NEVER_FORWARDED.contains(name);
    }

    private static boolean isOfFamily(CharSequence name) {
        for (String family : FAMILIES) {
            if (startsWith(name, family)) {
                return true;
            }
        }
        return false;
    }

    private static boolean startsWith(CharSequence name, String prefix) {
        return AsciiString.regionMatches(name, true, 0, prefix, 0, prefix.length());
    }

    /** Whether such a header is forwarded unchanged. */
    static boolean passes(CharSequence name, ClientInfo clientInfo) {
        return clientInfo.trusted()
                && !OURS.contains(name)
                && (clientInfo.xForwarded() || !startsWith(name, X_FORWARDED));
    }

    /** Adds the proxy's own headers. */
    static void add(HttpHeaders kept, RequestHead head, int listenerPort) {
        ForwardingWriter writer = new ForwardingWriter(head.clientInfo(), head.hostHeader());
        kept.add(FOR, writer.chain());
        kept.add(PROTO, writer.proto());
        if (!writer.host().isEmpty()) {
            kept.add(HOST, writer.host());
        }
        kept.add(PORT, Integer.toString(writer.port(listenerPort)));
        String forwarded = writer.forwarded();
        if (forwarded != null) {
            kept.add(FORWARDED, forwarded);
        }
        kept.add(RequestId.HEADER, head.requestId());
    }
}
