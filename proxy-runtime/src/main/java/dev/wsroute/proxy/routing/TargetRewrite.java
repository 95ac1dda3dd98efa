// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.routing;

import dev.wsroute.config.PathMatch;
import dev.wsroute.config.UrlRewrite;
import dev.wsroute.proxy.codec.AbsoluteForm;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Rewrites the request target for the backend (Gateway API, HTTPURLRewriteFilter). Only prefix and host change; the
 * rest path of the target is forwarded unchanged. Immutable.
 */
public final class TargetRewrite {

    /** No rewrite. */
    public static final TargetRewrite NONE = new TargetRewrite(0, null, null);

    /** Length of the match without a trailing slash; 0 for the root. */
    private final int prefixLength;

    private final @Nullable String replacement;
    private final @Nullable String hostname;

    private TargetRewrite(int prefixLength, @Nullable String replacement, @Nullable String hostname) {
        this.prefixLength = prefixLength;
        this.replacement = replacement;
        this.hostname = hostname;
    }

    /** @param match of type PathPrefix if the path is rewritten; null for every path */
    static TargetRewrite of(@Nullable UrlRewrite rewrite, @Nullable PathMatch match) {
        if (rewrite == null) {
            return NONE;
        }
        int prefixLength = match == null ? 0 : withoutSlash(match.value()).length();
        String replacement = rewrite.path() == null ? null : rewrite.path().replacePrefixMatch();
        return new TargetRewrite(prefixLength, replacement == null ? null : encoded(replacement), rewrite.hostname());
    }

    /**
     * Percent-encodes characters that are not printable ASCII, which a request target must not contain (RFC 3986 §2).
     */
    private static String encoded(String path) {
        StringBuilder encoded = new StringBuilder(path.length());
        for (byte b : path.getBytes(StandardCharsets.UTF_8)) {
            if (b > ' ' && b < 0x7f) {
                encoded.append((char) b);
            } else {
                encoded.append('%').append(String.format("%02X", b));
            }
        }
        return encoded.toString();
    }

    /** The Host header for the backend; null to keep the client's. */
    public @Nullable String hostname() {
        return hostname;
    }

    /**
     * @param target as received, in origin or absolute form (RFC 9112 §3.2)
     * @param path path of the target
     * @return the target for the backend; in absolute form with the host of the Host header
     */
    public String target(String target, String path) {
        AbsoluteForm absolute = AbsoluteForm.of(target);
        boolean origin = target.startsWith("/");
        if ((absolute == null && !origin) || (replacement == null && (hostname == null || origin))) {
            return target;
        }
        int start = absolute == null ? 0 : absolute.pathStart();
        String before = absolute != null && hostname != null
                ? target.substring(0, start - absolute.authority().length()) + hostname
                : target.substring(0, start);
        String query = target.substring(start + path.length());
        return before + (replacement == null ? path : replaced(path, replacement)) + query;
    }

    private String replaced(String path, String replacing) {
        // Clients cannot omit the slash of the root, so it is not a trailing slash.
        boolean prefixAlone = path.length() == prefixLength || (prefixLength == 0 && path.equals("/"));
        return prefixAlone ? replacing : withoutSlash(replacing) + path.substring(prefixLength);
    }

    /** Gateway API: a trailing slash of a prefix is ignored. */
    static String withoutSlash(String prefix) {
        return prefix.endsWith("/") ? prefix.substring(0, prefix.length() - 1) : prefix;
    }
}
