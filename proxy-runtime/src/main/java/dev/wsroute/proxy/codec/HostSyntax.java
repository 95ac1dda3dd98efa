// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.codec;

import java.util.Locale;
import java.util.regex.Pattern;

/** The syntax of a host with an optional port, as in Host and in the authority of a request target (RFC 9110 §7.2). */
public final class HostSyntax {

    private static final Pattern HOST =
            Pattern.compile("(\\[[0-9A-Fa-f:.]{2,45}]|[A-Za-z0-9._~%!$&'()*+;=-]{0,255})(:[0-9]{0,5})?");

    private static final int MAX_HOST_LENGTH = 255;
    private static final int MAX_PORT_DIGITS = 5;
    private static final int MAX_PORT = 65_535;

    private HostSyntax() {}

    /** Whether the text is a valid host. */
    public static boolean isHost(String text) {
        // Fast path for common hosts, without the regular expression.
        return isPlainHost(text) || HOST.matcher(text).matches();
    }

    /**
     * The host name for route look-up: lower case, without port and trailing dot. {@code example.com.} is the same host
     * as {@code example.com} (RFC 1034 §3.1).
     *
     * @param host a valid host
     */
    public static String name(String host) {
        int colon = portColon(host);
        int end = colon < 0 ? host.length() : colon;
        if (end > 1 && host.charAt(end - 1) == '.') {
            end--;
        }
        return host.substring(0, end).toLowerCase(Locale.ROOT);
    }

    /**
     * The port after the host.
     *
     * @param host a valid host
     * @param otherwise result if the port is missing or empty
     */
    public static int port(String host, int otherwise) {
        int colon = portColon(host);
        return colon < 0 || colon == host.length() - 1 ? otherwise : Integer.parseInt(host.substring(colon + 1));
    }

    /**
     * Removes an empty or impossible port.
     *
     * @param host a valid host
     */
    public static String withoutVoidPort(String host) {
        int colon = portColon(host);
        int port = port(host, 0);
        return colon >= 0 && (port < 1 || port > MAX_PORT) ? host.substring(0, colon) : host;
    }

    /** Whether both have the same host and port; a missing port counts as {@code defaultPort}. */
    public static boolean isSame(String one, String other, int defaultPort) {
        return name(one).equals(name(other)) && port(one, defaultPort) == port(other, defaultPort);
    }

    private static int portColon(String host) {
        int colon = host.lastIndexOf(':');
        return colon > host.lastIndexOf(']') ? colon : -1;
    }

    private static boolean isPlainHost(String text) {
        int end = 0;
        while (end < text.length() && isPlain(text.charAt(end))) {
            end++;
        }
        return end <= MAX_HOST_LENGTH && (end == text.length() || isPort(text, end));
    }

    private static boolean isPlain(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || isDigit(c) || c == '.' || c == '-';
    }

    private static boolean isPort(String text, int colon) {
        int at = colon + 1;
        while (at < text.length() && isDigit(text.charAt(at))) {
            at++;
        }
        return text.charAt(colon) == ':' && at == text.length() && at - colon <= 1 + MAX_PORT_DIGITS;
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }
}
