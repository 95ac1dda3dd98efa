// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.clientaddress;

import java.net.InetAddress;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One element of Forwarded (RFC 7239 §4), which one proxy added about the request that it received.
 *
 * @param text as received
 * @param address address that sent the request to the proxy; null if unknown, obfuscated (§6.3) or missing
 * @param proto http, https, ws or wss; null if missing
 * @param host host, perhaps with a port; null if missing
 */
record ForwardedElement(
        String text,
        @Nullable InetAddress address,
        @Nullable String proto,
        @Nullable String host) {

    /** A pair with its separator. Also accepts colons and brackets without quotes, which many proxies send. */
    private static final Pattern PAIR = Pattern.compile("[ \t;]*([-!#$%&'*+.^_`|~0-9A-Za-z]+)="
            + "(?:([-!#$%&'*+.^_`|~0-9A-Za-z:\\[\\]]+)|\"([^\"\\\\]*+(?:\\\\.[^\"\\\\]*+)*+)\")[ \t]*(?=;|$)");

    private static final Pattern REST = Pattern.compile("[ \t;]*");

    /** §6.2, §6.3: a node without an address. */
    private static final Pattern NAMELESS =
            Pattern.compile("(?i:unknown|_[-0-9A-Z._]+)(?::(?:[0-9]{1,5}|(?i:_[-0-9A-Z._]+)))?");

    private static final Pattern OBFUSCATED_PORT = Pattern.compile("(?i):_[-0-9A-Z._]+$");

    /** @return null if the element or one of these values is malformed */
    static @Nullable ForwardedElement parse(String text) {
        Map<String, String> pairs = pairs(text);
        if (pairs == null) {
            return null;
        }
        String node = pairs.get("for");
        boolean nameless = node == null || NAMELESS.matcher(node).matches();
        InetAddress address = nameless
                ? null
                : ForwardedFor.address(OBFUSCATED_PORT.matcher(node).replaceFirst(""));
        String proto = ForwardingReader.proto(pairs.get("proto"));
        String host = ForwardingReader.host(pairs.get("host"));
        boolean sensible = (nameless || address != null)
                && (proto == null) == (pairs.get("proto") == null)
                && (host == null) == (pairs.get("host") == null);
        return sensible ? new ForwardedElement(text, address, proto, host) : null;
    }

    /** The node in the form of X-Forwarded-For. */
    String node() {
        return address == null ? "unknown" : ForwardedFor.text(address);
    }

    /** Unquoted values by lower-case name; null if the element is malformed. */
    private static @Nullable Map<String, String> pairs(String text) {
        Map<String, String> pairs = new HashMap<>();
        Matcher pair = PAIR.matcher(text);
        int at = 0;
        while (pair.region(at, text.length()).lookingAt()) {
            String token = pair.group(2);
            String value = token == null ? pair.group(3).replaceAll("\\\\(.)", "$1") : token;
            if (pairs.put(pair.group(1).toLowerCase(Locale.ROOT), value) != null) {
                return null;
            }
            at = pair.end();
        }
        return REST.matcher(text.substring(at)).matches() ? pairs : null;
    }
}
