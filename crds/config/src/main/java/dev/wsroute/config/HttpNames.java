// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.config;

import java.util.regex.Pattern;

/** Names and values that HTTP allows, and headers that only the proxy writes. */
public final class HttpNames {

    /** A token of RFC 9110, section 5.6.2: the name of a header or a cookie, or a subprotocol. */
    public static final String TOKEN = "^[-!#$%&'*+.^_`|~0-9A-Za-z]+$";

    /** A header value of printable ASCII characters without leading or trailing spaces; some receivers mangle others. */
    public static final String VALUE = "^[!-~]([ -~]*[!-~])?$";

    /** A label of a host name (RFC 1123, section 2.1), in lower case. */
    public static final String DNS_LABEL = "[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?";

    /** A host name whose last label begins with a letter, so that no IPv4 address is one. */
    public static final String PRECISE_HOSTNAME = "^(" + DNS_LABEL + "\\.)*[a-z]([-a-z0-9]{0,61}[a-z0-9])?$";

    /**
     * A host with an optional port (RFC 3986, section 3.2, without user information): a lower-case host name, an IPv4 address,
     * or characters of an IPv6 address in brackets.
     */
    public static final String AUTHORITY = "^(" + DNS_LABEL + "(\\." + DNS_LABEL + ")*"
            + "|\\[[0-9A-Fa-f]*:[0-9A-Fa-f:.]*\\])"
            + "(:([1-9][0-9]{0,3}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5]))?$";

    private static final String PORT =
            "(:([1-9][0-9]{0,3}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5]))?";

    /**
     * The origin of a page (RFC 6454, section 6.2): a scheme, a lower-case host or characters of an IPv6 address in brackets, and a
     * port. A host may begin with {@code *.}, for all its subdomains. Also {@code same-origin} and
     * {@code null}.
     */
    public static final String ORIGIN = "^(same-origin|null|[a-z][-+.a-z0-9]*://((\\*\\.)?" + DNS_LABEL + "(\\."
            + DNS_LABEL + ")*|\\[[0-9a-f]*:[0-9a-f:.]*\\])" + PORT + ")$";

    /** Printable ASCII without {@code "} and {@code \\}. */
    public static final String REALM = "^[ !#-\\[\\]-~]*$";

    /** A path without query, as in {@link PathMatch}. */
    public static final String PATH = "^/[^?#\\s]*$";

    /** Names of headers that the proxy itself writes: those about the connection and the destination of a request. */
    public static final String PROXY_OWNED = "(?i)^(connection|upgrade|host|keep-alive|proxy-connection|te|trailer"
            + "|transfer-encoding|content-length|expect|sec-websocket-.*)$";

    /**
     * Names of headers that must not be trailers: those that frame, route, modify, authenticate or describe a message
     * (RFC 9110, section 6.5.1). Of the headers that identify a client it has only the most common ones, since Kubernetes limits
     * the length of rules in a CRD; {@link #isNoTrailer} has all. CGI-like backends read {@code _} as {@code -}.
     */
    public static final String NO_TRAILER = "(?i)^(connection|upgrade|host|keep[-_]alive|proxy|proxy[-_].*|te|trailers?"
            + "|transfer[-_]encoding|content[-_](length|type|encoding|range|location|disposition)|expect|sec[-_].*"
            + "|http2[-_]settings|authorization|www[-_]authenticate|cookie2?|set[-_]cookie2?|origin|referer"
            + "|cache[-_]control|pragma|max[-_]forwards|range|if[-_].*|age|date|expires|location|retry[-_]after|vary"
            + "|warning|access[-_]control[-_].*|strict[-_]transport[-_]security|forwarded|x[-_]forwarded[-_].*"
            + "|x[-_]real[-_]ip|x[-_]client[-_]ip|true[-_]client[-_]ip|x[-_]cluster[-_]client[-_]ip"
            + "|x[-_]request[-_]id)$";

    private static final Pattern TOKEN_PATTERN = Pattern.compile(TOKEN);
    private static final Pattern VALUE_PATTERN = Pattern.compile(VALUE);

    private static final Pattern PROXY_OWNED_PATTERN = Pattern.compile(PROXY_OWNED);

    private static final Pattern NO_TRAILER_PATTERN = Pattern.compile(NO_TRAILER);

    private static final Pattern ORIGIN_PATTERN = Pattern.compile(ORIGIN);

    private static final Pattern AUTHORITY_PATTERN = Pattern.compile(AUTHORITY);

    /** Maximum length of a host name in characters (RFC 1035, section 2.3.4). */
    private static final int MAX_HOSTNAME = 253;

    private HttpNames() {}

    /** Whether {@code text} is an {@link #AUTHORITY} whose host is short enough, or an IPv6 address. */
    static boolean isAuthority(String text) {
        if (!AUTHORITY_PATTERN.matcher(text).matches()) {
            return false;
        }
        int bracket = text.indexOf(']');
        return bracket > 0
                ? IpAddresses.isIpv6(text.substring(1, bracket))
                : text.split(":", 2)[0].length() <= MAX_HOSTNAME;
    }

    /** Whether {@code text} is an {@link #ORIGIN}, whose brackets contain an IPv6 address. */
    static boolean isOrigin(String text) {
        int bracket = text.indexOf(']');
        return ORIGIN_PATTERN.matcher(text).matches()
                && (bracket < 0 || IpAddresses.isIpv6(text.substring(text.indexOf('[') + 1, bracket)));
    }

    /** Whether {@code text} is a {@link #TOKEN} of at most {@code length} characters. */
    public static boolean isToken(String text, int length) {
        return text.length() <= length && TOKEN_PATTERN.matcher(text).matches();
    }

    /** Whether {@code text} is a {@link #VALUE} of at most {@code length} characters. */
    public static boolean isValue(String text, int length) {
        return text.length() <= length && VALUE_PATTERN.matcher(text).matches();
    }

    /** Whether {@code header} is one that the proxy itself must write, such as Connection, Host and Sec-WebSocket-Key. */
    public static boolean isProxyOwned(String header) {
        return PROXY_OWNED_PATTERN.matcher(header).matches();
    }

    /** Whether {@code header} must not be sent after a body, such as Content-Length, Authorization and X-Real-IP. */
    public static boolean isNoTrailer(String header) {
        return NO_TRAILER_PATTERN.matcher(header).matches() || IdentityHeaders.isOne(header);
    }
}
