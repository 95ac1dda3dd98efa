package dev.wsroute.proxy.codec;

import org.jspecify.annotations.Nullable;

/**
 * A request target in absolute form (RFC 9112 §3.2.2), such as {@code http://example.com/chat?a=b}. Clients that speak
 * through a proxy write {@code ws} and {@code wss}, too (RFC 6455 §3).
 *
 * @param secure its scheme is one over TLS
 * @param authority the host, with a port or without, as it stands there
 * @param pathStart where in the target the path begins, and the query where the path is empty
 */
public record AbsoluteForm(boolean secure, String authority, int pathStart) {

    private static final int HTTP_PORT = 80;
    private static final int HTTPS_PORT = 443;

    /** @return null for a target of another form, or of another scheme */
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

    /** Whether it names the same host and port as a Host header that {@link HostSyntax#isHost}. */
    public boolean agreesWith(String hostHeader) {
        return !authority.isEmpty()
                && HostSyntax.isHost(authority)
                && HostSyntax.isSame(authority, hostHeader, secure ? HTTPS_PORT : HTTP_PORT);
    }
}
