// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.jwks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PublishedSetTest {

    private static String set(String... keys) {
        return "{\"keys\":[{" + String.join("},{", keys) + "}]}";
    }

    @Test
    void hasOnlyWhatVerificationNeedsInOneOrder() throws Exception {
        String noisy = "{\"issuer\":\"x\",\"keys\":[{\"x5c\":[\"AAAA\"],\"x5u\":\"http://10.0.0.1/\",\"comment\":1,"
                + TestSets.key("b") + "},{" + TestSets.key("a") + "}]}";

        assertThat(PublishedSet.of(noisy))
                .isEqualTo(PublishedSet.of(set(TestSets.key("a"), TestSets.key("b"))))
                .isEqualTo(PublishedSet.of(PublishedSet.of(noisy)))
                .doesNotContain("x5", "issuer", "comment");
        assertThat(PublishedSet.of(set(TestSets.key("a")))).isEqualTo(TestSets.of("a"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "`` | the key set is empty",
                "{\"keys\":[]} | the key set holds no key that verifies tokens",
                "{\"keys\":[],\"withdrawn\":true} | the key set holds no key that verifies tokens",
                "{} | the key set has no list of keys",
                "{\"keys\":[1]} | the key set holds something that is not a key",
                "{\"keys\":[{\"kty\":\"EC\"}]} | the key set holds no key that verifies tokens",
                "<html>secret</html> | the key set is neither a JWK Set",
                "{\"keys\": | the key set is not valid JSON",
            })
    void isNoneWithoutAKey(String answer, String why) {
        assertThatThrownBy(() -> PublishedSet.of(answer))
                .isInstanceOfSatisfying(
                        UnusableSetException.class,
                        e -> assertThat(e.why()).startsWith(why).doesNotContain("secret"));
    }

    @Test
    void isNoneIfTwoParsersCouldReadItDifferently() {
        String key = TestSets.key("a");

        for (String answer : new String[] {
            "{\"keys\":[],\"keys\":[{" + key + "}]}",
            set(key + ",\"kid\":\"b\""),
            set(key) + "{}",
            "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEA11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=\n-----END PUBLIC KEY-----",
        }) {
            assertThatThrownBy(() -> PublishedSet.of(answer)).isInstanceOf(UnusableSetException.class);
        }
    }

    @Test
    void isNoneWithAPrivateKey() {
        assertThatThrownBy(() -> PublishedSet.of(set(TestSets.key("a") + ",\"d\":\"secret\"")))
                .hasMessageStartingWith("the key set holds a private or secret key");
    }
}
