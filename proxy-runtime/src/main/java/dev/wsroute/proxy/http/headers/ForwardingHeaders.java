// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.http.headers;

import dev.wsroute.config.IdentityHeaders;
import dev.wsroute.proxy.clientaddress.ForwardingWriter;
import dev.wsroute.proxy.clientaddress.Origin;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.AsciiString;

/**
 * The headers that describe a request's origin to a backend: X-Forwarded-For, -Proto, -Host, -Port, Forwarded and
 * X-Request-Id. Those of a trusted peer are kept and the peer is added to the chain; those of others are replaced or
 * dropped.
 */
final class ForwardingHeaders {

    private static final String FOR = "X-Forwarded-For";
    private static final String PROTO = "X-Forwarded-Proto";
    private static final String HOST = "X-Forwarded-Host";
    private static final String PORT = "X-Forwarded-Port";
    private static final String FORWARDED = "Forwarded";

    private static final String X_FORWARDED = "x-forwarded";

    /** Always replaced by {@link #add}. */
    private static final HeaderNames OURS = HeaderNames.of(IdentityHeaders.OURS);

    private static final HeaderNames TOLD_BY_PROXIES = HeaderNames.of(IdentityHeaders.TOLD_BY_PROXIES);

    private static final String[] FAMILIES = IdentityHeaders.FAMILIES.toArray(String[]::new);

    /**
     * Always dropped: CGI maps it to the variable that configures a program's outgoing proxy (httpoxy, CVE-2016-5385).
     */
    private static final HeaderNames NOBODYS = HeaderNames.of("proxy");

    private ForwardingHeaders() {}

    /** Whether this header describes a client or its request. */
    static boolean isOne(CharSequence name) {
        return OURS.contains(name) || TOLD_BY_PROXIES.contains(name) || isOfFamily(name);
    }

    /** Whether a header is always dropped. */
    static boolean isNobodys(CharSequence name) {
        return NOBODYS.contains(name);
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
    static boolean passes(CharSequence name, Origin origin) {
        return origin.trusted() && !OURS.contains(name) && (origin.xForwarded() || !startsWith(name, X_FORWARDED));
    }

    /** Adds the proxy's own headers. */
    static void add(HttpHeaders kept, RequestHead head, int listenerPort) {
        ForwardingWriter told = new ForwardingWriter(head.origin(), head.hostHeader());
        kept.add(FOR, told.chain());
        kept.add(PROTO, told.proto());
        if (!told.host().isEmpty()) {
            kept.add(HOST, told.host());
        }
        kept.add(PORT, Integer.toString(told.port(listenerPort)));
        String forwarded = told.forwarded();
        if (forwarded != null) {
            kept.add(FORWARDED, forwarded);
        }
        kept.add(RequestId.HEADER, head.requestId());
    }
}
