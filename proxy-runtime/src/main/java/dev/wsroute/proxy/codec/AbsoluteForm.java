// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.codec;

import org.jspecify.annotations.Nullable;

/**
 * A request target in absolute form (RFC 9112 §3.2.2), such as {@code http://example.com/chat?a=b}. Clients of a
 * forward proxy also send {@code ws} and {@code wss} (RFC 6455 §3).
 *
 * @param secure whether its scheme uses TLS
 * @param authority host, perhaps with a port, as received
 * @param pathStart index of the path, or of the query if the path is empty
 */
public record AbsoluteForm(boolean secure, String authority, int pathStart) {

    private static final int HTTP_PORT = 80;
    private static final int HTTPS_PORT = 443;

    /** @return null for a target of another form or scheme */
    public static @Nullable AbsoluteForm of(String target) {
        if (begins(target, "http://") || begins(target, "ws://")) {
            return of(target, false);
        }
        return begins(target, "https://") || begins(target, "wss://") ? of(target, true) : null;
    }

    private static AbsoluteForm of(String target, boolean secure) {
        int start = target.indexOf("//") + 2;
        int end = start;
        while (end < target.length() && target.charAt(end) != '/' && target.charAt(end) != '?') {
            end++;
        }
        return new AbsoluteForm(secure, target.substring(start, end), end);
    }

    private static boolean begins(String target, String scheme) {
        return target.regionMatches(true, 0, scheme, 0, scheme.length());
    }

    /** Whether it has the same host and port as a valid Host header. */
    public boolean agreesWith(String hostHeader) {
        return !authority.isEmpty()
                && HostSyntax.isHost(authority)
                && HostSyntax.isSame(authority, hostHeader, secure ? HTTPS_PORT : HTTP_PORT);
    }
}
