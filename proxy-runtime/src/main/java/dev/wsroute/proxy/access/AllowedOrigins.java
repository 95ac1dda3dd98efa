// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.access;

import dev.wsroute.config.AccessConfig;
import dev.wsroute.proxy.clientaddress.ForwardingWriter;
import dev.wsroute.proxy.codec.HostSyntax;
import dev.wsroute.proxy.routing.AccessRequest;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * The origins that a rule allows. An Origin header is compared as browsers serialise it (RFC 6454 §6.2): a scheme, a host in
 * lower case, and a port unless it is the scheme's. Anything else is allowed by no entry. Immutable.
 */
final class AllowedOrigins {

    private static final String WILDCARD = "://*.";
    /** Characters of a host name (RFC 1035 §2.3.4) and a port. Longer ones would keep an event loop busy, label by label. */
    private static final int LONGEST_HOST = 253 + ":65535".length();

    private static final int HTTP_PORT = 80;
    private static final int HTTPS_PORT = 443;

    private final Set<String> exact = new HashSet<>();
    /** Suffixes with their leading dot and their port, such as {@code .example.com:8443}, with the scheme before a space. */
    private final Set<String> suffixes = new HashSet<>();

    private final boolean sameOrigin;
    private final boolean all;

    /** @param allowed valid entries; empty: all origins */
    AllowedOrigins(List<String> allowed) {
        all = allowed.isEmpty();
        sameOrigin = allowed.contains(AccessConfig.SAME_ORIGIN);
        for (String given : allowed) {
            String origin = withoutDefaultPort(given);
            int wildcard = origin.indexOf(WILDCARD);
            if (wildcard > 0) {
                suffixes.add(suffix(origin.substring(0, wildcard), origin.substring(wildcard + WILDCARD.length() - 1)));
            } else if (!origin.equals(AccessConfig.SAME_ORIGIN)) {
                exact.add(origin);
            }
        }
    }

    private static String withoutDefaultPort(String origin) {
        String port = origin.startsWith("http://") ? ":" + HTTP_PORT : ":" + HTTPS_PORT;
        boolean hasScheme = origin.startsWith("http://") || origin.startsWith("https://");
        return hasScheme && origin.endsWith(port) ? origin.substring(0, origin.length() - port.length()) : origin;
    }

    /** Whether every origin is allowed. */
    boolean allowAll() {
        return all;
    }

    /** @param origin the value of the request's only Origin header */
    boolean allow(String origin, AccessRequest request) {
        return all
                || exact.contains(origin)
                || (!suffixes.isEmpty() && isSubdomain(origin))
                || (sameOrigin && isSame(origin, request));
    }

    private boolean isSubdomain(String origin) {
        int schemeEnd = origin.indexOf("://");
        if (schemeEnd < 0) {
            return false;
        }
        String scheme = origin.substring(0, schemeEnd);
        String host = origin.substring(schemeEnd + 3);
        if (host.length() > LONGEST_HOST) {
            return false;
        }
        for (int i = 0; i < host.length(); i++) {
            char c = host.charAt(i);
            if (c == '.' && i > 0 && suffixes.contains(suffix(scheme, host.substring(i)))) {
                return true;
            }
            if (!isOfHost(c)) {
                // What only looks like a subdomain, such as evil.example/.example.com.
                return false;
            }
        }
        return false;
    }

    private static String suffix(String scheme, String host) {
        return scheme + " " + host;
    }

    private static boolean isOfHost(char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_';
    }

    /** Whether scheme, host and port are those of the request, as its client sees them. */
    private static boolean isSame(String origin, AccessRequest request) {
        boolean secure = request.secure();
        String scheme = secure ? "https://" : "http://";
        String host = new ForwardingWriter(request.clientInfo(), request.hostHeader()).host();
        if (host.isEmpty() || !origin.startsWith(scheme)) {
            return false;
        }
        int defaultPort = secure ? HTTPS_PORT : HTTP_PORT;
        int port = HostSyntax.port(host, defaultPort);
        Integer forwarded = request.clientInfo().forwarding().port();
        return origin.equals(serialised(scheme, host, port, defaultPort))
                || (HostSyntax.port(host, -1) < 0
                        && forwarded != null
                        && origin.equals(serialised(scheme, host, forwarded, defaultPort)));
    }

    private static String serialised(String scheme, String host, int port, int defaultPort) {
        return scheme + withoutPort(host).toLowerCase(Locale.ROOT) + (port == defaultPort ? "" : ":" + port);
    }

    private static String withoutPort(String host) {
        int colon = host.lastIndexOf(':');
        return colon > host.lastIndexOf(']') ? host.substring(0, colon) : host;
    }
}
