// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.jwks;

import dev.wsroute.config.IpAddresses;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a key set is. The grammar is narrower than that of RFC 3986, so that no two parsers can understand a URI differently: no
 * user information, no fragment, no host that is a number in disguise ({@code 0x7f.1}, {@code 2130706433}).
 *
 * @param host in lower case; an IPv6 address without brackets
 * @param port 443 unless the URI says otherwise
 * @param target path and query, as in the request
 */
public record JwksUri(String host, int port, String target) {

    /** The port of https. */
    public static final int HTTPS = 443;

    /** The longest URI, in characters. */
    public static final int MAX_LENGTH = 512;

    private static final String LABEL = "[A-Za-z0-9](?:[-A-Za-z0-9]{0,61}[A-Za-z0-9])?";

    /** The last label of a name begins with a letter, or it could be a number. */
    private static final String NAME = "(?:" + LABEL + "\\.)*[A-Za-z](?:[-A-Za-z0-9]{0,61}[A-Za-z0-9])?";

    private static final Pattern URI = Pattern.compile("https://(?:(" + NAME
            + ")|([0-9]{1,3}(?:\\.[0-9]{1,3}){3})|\\[([0-9A-Fa-f:.]{2,45})])(?::([0-9]{1,5}))?"
            + "((?:/[A-Za-z0-9/._~!$&'()*+,;=:@%-]*)?(?:\\?[A-Za-z0-9/._~!$&'()*+,;=:@%?-]*)?)");

    private static final int MAX_PORT = 65_535;
    private static final int MAX_HOST = 253;

    /** The URI that {@code text} is; empty if it is none that can be fetched. */
    public static Optional<JwksUri> of(String text) {
        Matcher parts = URI.matcher(text);
        if (text.length() > MAX_LENGTH || !parts.matches()) {
            return Optional.empty();
        }
        String host = parts.group(1) != null
                ? parts.group(1).toLowerCase(Locale.ROOT)
                : parts.group(2) != null ? parts.group(2) : parts.group(3).toLowerCase(Locale.ROOT);
        boolean valid = parts.group(1) != null ? host.length() <= MAX_HOST : IpAddresses.isAddress(host);
        int port = parts.group(4) == null ? HTTPS : Integer.parseInt(parts.group(4));
        if (!valid || port < 1 || port > MAX_PORT) {
            return Optional.empty();
        }
        String target = parts.group(5);
        return Optional.of(new JwksUri(host, port, target.startsWith("/") ? target : "/" + target));
    }

    /** Whether the host is an IP address. */
    boolean isAddress() {
        return IpAddresses.isAddress(host);
    }

    /** Value of the Host header. */
    String authority() {
        String shown = host.indexOf(':') < 0 ? host : "[" + host + "]";
        return port == HTTPS ? shown : shown + ":" + port;
    }
}
