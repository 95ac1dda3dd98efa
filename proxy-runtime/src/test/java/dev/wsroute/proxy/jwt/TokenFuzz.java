// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.jwt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wsroute.config.HttpNames;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;

/**
 * Whatever a client offers as subprotocols or as a token, it is read or refused with a short sentence that does not quote it. No token is left among the
 * subprotocols, and a claim becomes a proper header value or none.
 */
public final class TokenFuzz {

    private static final int LONGEST_SENTENCE = 100;

    private TokenFuzz() {}

    public static void fuzzerTestOneInput(byte[] data) {
        String text = new String(data, StandardCharsets.ISO_8859_1);
        OfferedTokens offered = OfferedTokens.of(List.of(text));
        OfferedTokens again = OfferedTokens.of(List.of(String.join(", ", offered.left())));
        assertThat(again.token()).isNull();
        assertThat(again.left()).isEqualTo(offered.left());
        assertThat(offered.left()).allSatisfy(entry -> assertThat(entry).isNotBlank());
        read(text);
        // As the claims of an otherwise good token.
        read(Tokens.encoded("{\"alg\":\"ES256\"}") + "." + encoded(data) + ".AAAA");
        read(encoded(data) + ".e30.AAAA");
    }

    private static String encoded(byte[] data) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(data);
    }

    private static void read(String text) {
        try {
            UnverifiedToken token = UnverifiedToken.parse(text);
            assertThat(token.claims().heapBytes()).isPositive();
            for (String name : List.of("sub", "a", "")) {
                String header = ClaimText.header(token.claims().get(name));
                assertThat(header == null || HttpNames.isValue(header, 4096)).isTrue();
            }
        } catch (TokenException e) {
            assertThat(e.sentence()).hasSizeLessThan(LONGEST_SENTENCE).matches("[ -~]+");
        }
    }
}
