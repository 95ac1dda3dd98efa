package dev.wsroute.proxy.routing;

import dev.wsroute.config.RuleConfig.PathMatch;
import dev.wsroute.config.UrlRewrite;
import dev.wsroute.proxy.codec.AbsoluteForm;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * What a backend is asked for instead of what the client asked for (Gateway API, HTTPURLRewriteFilter). Prefix and host
 * change; all else of a request target passes byte for byte. Immutable.
 */
public final class TargetRewrite {

    /** Changes nothing. */
    public static final TargetRewrite NONE = new TargetRewrite(0, null, null);

    /** Of the match, without a slash at its end: 0 for the root. */
    private final int prefixLength;

    private final @Nullable String replacement;
    private final @Nullable String hostname;

    private TargetRewrite(int prefixLength, @Nullable String replacement, @Nullable String hostname) {
        this.prefixLength = prefixLength;
        this.replacement = replacement;
        this.hostname = hostname;
    }

    /**
     * @param match of type PathPrefix where the path is rewritten; null: every path
     */
    static TargetRewrite of(@Nullable UrlRewrite rewrite, @Nullable PathMatch match) {
        if (rewrite == null) {
            return NONE;
        }
        int prefixLength = match == null ? 0 : withoutSlash(match.value()).length();
        String replacement = rewrite.replacePrefixMatch();
        return new TargetRewrite(prefixLength, replacement == null ? null : encoded(replacement), rewrite.hostname());
    }

    /** A request target is of printable ASCII (RFC 3986 §2); what else a document holds is percent-encoded. */
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

    /** The Host header towards the backend; null: the client's. */
    public @Nullable String hostname() {
        return hostname;
    }

    /**
     * @param target as received, in origin or absolute form (RFC 9112 §3.2)
     * @param path of the target
     * @return the target towards the backend; in absolute form its host is that of the Host header
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
        // A client cannot leave out the root's slash, so that it is not taken for one behind a prefix.
        boolean prefixAlone = path.length() == prefixLength || (prefixLength == 0 && path.equals("/"));
        return prefixAlone ? replacing : withoutSlash(replacing) + path.substring(prefixLength);
    }

    /** Gateway API: a trailing slash of a prefix does not count. */
    static String withoutSlash(String prefix) {
        return prefix.endsWith("/") ? prefix.substring(0, prefix.length() - 1) : prefix;
    }
}
