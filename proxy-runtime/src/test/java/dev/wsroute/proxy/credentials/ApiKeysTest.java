// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.credentials;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wsroute.proxy.material.MaterialException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Files with API keys. */
class ApiKeysTest {

    private static final String FILE = """
            # printf %s KEY | sha256sum
            meter: not trimmed inside 0123456789
            robot:sha256:9F86D081884C7D659A2FEAA0C55AD015A3BF4F1B2B0B822CD15D6C15B0F00A08
            """;

    private static ApiKeys parse(String text) throws MaterialException {
        return ApiKeys.parse("keys", text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void aKeyHasAnOwner() throws Exception {
        assertThat(parse(FILE).owner(" not trimmed inside 0123456789")).isEqualTo("meter");
        assertThat(parse(FILE).owner("test")).as("by its digest").isEqualTo("robot");
        assertThat(parse(FILE).owner("not trimmed inside 0123456789")).isNull();
        assertThat(parse(FILE).owner("9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"))
                .as("the digest is no key")
                .isNull();
        assertThat(parse(FILE).owner("")).isNull();
        assertThat(parse(FILE).owner("x".repeat(100_000))).isNull();
    }

    @ParameterizedTest
    @CsvSource({
        "short:0123456789, line 4 of keys must have a key of 16 to 1024 characters",
        "digest:sha256:00, line 4 of keys must have 64 hexadecimal digits after sha256:",
        "0123456789abcdef0123, line 4 of keys must have the form NAME:KEY with a name of 1 to 255 characters",
        "other:sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08, line 4 of keys repeats an earlier key",
    })
    void aFaultIsNamedByItsLineWithoutQuotingIt(String line, String sentence) {
        assertThatThrownBy(() -> parse(FILE + line)).hasMessage(sentence);
    }

    /** Its keys and names would never match, and nobody would learn why. */
    @Test
    void aFileInAnotherEncodingIsNone() {
        byte[] latin1 = "jürgen:0123456789abcdef".getBytes(StandardCharsets.ISO_8859_1);

        assertThatThrownBy(() -> ApiKeys.parse("keys", latin1)).hasMessage("keys is not text in UTF-8");
        assertThatThrownBy(() -> Users.parse("auth", latin1)).hasMessage("auth is not text in UTF-8");
    }

    @Test
    void aFileWithoutKeysRevokesAllAndItsTextTellsNoSecret() throws Exception {
        assertThat(parse("# revoked\n").owner("test"))
                .as("the last key can be revoked")
                .isNull();
        assertThat(parse(FILE).toString()).isEqualTo("2 keys");
        assertThat(parse(FILE)).isEqualTo(parse(FILE + "\n"));
    }
}
