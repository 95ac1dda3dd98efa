// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.compile;

import dev.wsroute.api.v1alpha1.JwksSpec;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a key set is. One regular expression, {@link JwksSpec#URI}, checks it and takes it apart, so that no two parsers can understand
 * it differently. It is narrower than RFC 3986: no user information, no fragment, and a host name, which is never a number in disguise
 * ({@code 0x7f.1}, {@code 2130706433}).
 *
 * @param host in lower case
 * @param port 443 unless the URI says otherwise
 * @param target path and query, as in the request
 */
public record JwksUri(String host, int port, String target) {

    /** The port of https. */
    public static final int HTTPS = 443;

    private static final Pattern FORM = Pattern.compile(JwksSpec.URI);

    /** The URI that {@code text} is; empty if it is none that can be fetched. */
    public static Optional<JwksUri> of(String text) {
        Matcher parts = FORM.matcher(text);
        if (text.length() > JwksSpec.MAX_URI || !parts.matches()) {
            return Optional.empty();
        }
        String port = parts.group(2);
        String target = parts.group(3);
        return Optional.of(new JwksUri(
                parts.group(1).toLowerCase(Locale.ROOT),
                port == null ? HTTPS : Integer.parseInt(port),
                target.startsWith("/") ? target : "/" + target));
    }

    /** Value of the Host header. */
    public String authority() {
        return port == HTTPS ? host : host + ":" + port;
    }
}
