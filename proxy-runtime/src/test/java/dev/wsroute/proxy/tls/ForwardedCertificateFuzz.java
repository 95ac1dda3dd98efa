// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.tls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wsroute.proxy.testkit.TestAuthority;
import dev.wsroute.proxy.testkit.TestAuthority.Issued;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Whatever names a client's certificate has, X-Forwarded-Client-Cert is one element of printable characters with the expected keys when
 * it is read as Envoy's documentation says. The first line of the input is the subject's common name, each other one a subject alternative
 * name.
 */
public final class ForwardedCertificateFuzz {

    private static final TestAuthority CA = TestAuthority.named("fuzz");
    private static final Instant END = Instant.now().plusSeconds(86_400);
    private static final int MOST_NAMES = 8;
    /** The header may have 8 KiB, and a hash and a subject in any case. */
    private static final int LONGEST = 8 * 1024;

    private ForwardedCertificateFuzz() {}

    public static void fuzzerTestOneInput(byte[] data) {
        String[] lines = new String(data, StandardCharsets.ISO_8859_1).split("\n", -1);
        List<String> names = new ArrayList<>();
        for (int i = 1; i < lines.length && names.size() < MOST_NAMES; i++) {
            boolean typed = lines[i].startsWith("uri:") || lines[i].startsWith("dns:");
            names.add(typed ? lines[i] : "dns:" + lines[i]);
        }
        Issued issued;
        try {
            issued = CA.issue(lines[0], END, names.toArray(String[]::new));
        } catch (IllegalStateException notACertificate) {
            return;
        }

        String value = ForwardedClientCertificate.of(issued.certificate());

        assertThat(value).isNotNull().matches("[ -~]*").hasSizeLessThanOrEqualTo(LONGEST);
        List<String> keys = keys(value);
        assertThat(keys).startsWith("Hash", "Subject");
        assertThat(keys.subList(2, keys.size())).isSubsetOf("URI", "DNS").hasSizeLessThanOrEqualTo(names.size());
    }

    /** The keys of its pairs; a comma outside of quotes would begin another element. */
    private static List<String> keys(String value) {
        List<String> keys = new ArrayList<>();
        boolean quoted = false;
        int begin = 0;
        for (int i = 0; i <= value.length(); i++) {
            char c = i < value.length() ? value.charAt(i) : ';';
            if (quoted && c == '\\') {
                i++;
            } else if (c == '"') {
                quoted = !quoted;
            } else if (!quoted && c == ';') {
                String pair = value.substring(begin, i);
                assertThat(pair).contains("=");
                keys.add(pair.substring(0, pair.indexOf('=')));
                begin = i + 1;
            } else {
                assertThat(!quoted && c == ',').as("a comma outside of quotes").isFalse();
            }
        }
        assertThat(quoted).isFalse();
        return keys;
    }
}
