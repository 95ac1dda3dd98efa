// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.credentials;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wsroute.proxy.material.MaterialException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files with users, as {@code htpasswd} and {@code argon2} wrote them. */
class UsersTest {

    private static final String FILE = """
            # machines
            alice:$2y$05$doUKoI0rm7Q2Ybk4OWjC2OWdyp64/u7d1zTQqaGfxEnlTwuOST8RO

            bob:$2y$04$Mo1rrjh1S2PGm4N4zJCB4OPjOdEmsRn5.T7dTyYKuxMkeMz3OPYF6
            carol:$argon2id$v=19$m=1024,t=2,p=1$c29tZXNhbHRzYWx0$5YHT8ZDhBeqdbLaIKKPWaHOVfqCkLDnJo/WC5yMJsmg\r
            dave:$argon2i$v=19$m=256,t=3,p=2$c29tZXNhbHRzYWx0$/FBh60cDJ47kO63wzX2xPMWmFurBhub4nvOvxmoVLuY
            """;

    private static Users parse(String text) throws MaterialException {
        return Users.parse("auth", text.getBytes(StandardCharsets.UTF_8));
    }

    private static boolean matches(String user, String password) throws MaterialException {
        return Objects.requireNonNull(parse(FILE).hash(user)).matches(password.getBytes(StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @CsvSource({"alice, correct horse", "bob, pässwort", "carol, correct horse", "dave, correct horse"})
    void passwordsMatchTheirHashes(String user, String password) throws Exception {
        assertThat(matches(user, password)).isTrue();
        assertThat(matches(user, password + "x")).isFalse();
        assertThat(matches(user, "")).isFalse();
    }

    @Test
    void bcryptIgnoresNothingOfALongPassword() throws Exception {
        assertThat(matches("alice", "x".repeat(73))).isFalse();
    }

    @Test
    void nobodyElseIsAUser() throws Exception {
        assertThat(parse(FILE).hash("eve")).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "md5:$apr1$8pfQuHI5$F/KV/FgxxyTrqmyqaMC1k.",
                "sha:{SHA}W6ph5Mm5Pz8GgiULbPgzG37mj9g=",
                "crypt:rl0uE3Yj5nVHA",
                "plain:hunter2hunter2hunter2",
                "empty:",
                "costly:$2y$31$doUKoI0rm7Q2Ybk4OWjC2OWdyp64/u7d1zTQqaGfxEnlTwuOST8RO",
                "large:$argon2id$v=19$m=1048576,t=2,p=1$c29tZXNhbHRzYWx0$5YHT8ZDhBeqdbLaIKKPWaHOVfqCkLDnJo/WC5yMJsmg",
                "slow:$argon2id$v=19$m=1024,t=999,p=1$c29tZXNhbHRzYWx0$5YHT8ZDhBeqdbLaIKKPWaHOVfqCkLDnJo/WC5yMJsmg",
                "wide:$argon2id$v=19$m=1024,t=2,p=99$c29tZXNhbHRzYWx0$5YHT8ZDhBeqdbLaIKKPWaHOVfqCkLDnJo/WC5yMJsmg",
                "old:$argon2id$v=16$m=1024,t=2,p=1$c29tZXNhbHRzYWx0$5YHT8ZDhBeqdbLaIKKPWaHOVfqCkLDnJo/WC5yMJsmg",
                "alice",
                ":$2y$05$doUKoI0rm7Q2Ybk4OWjC2OWdyp64/u7d1zTQqaGfxEnlTwuOST8RO",
            })
    void anythingElseIsRefusedByTheNumberOfItsLineWithoutQuotingIt(String line) {
        assertThatThrownBy(() -> parse(FILE + line + "\n"))
                .isInstanceOf(MaterialException.class)
                .hasMessageStartingWith("line 7 of auth ")
                .satisfies(e -> assertThat(e.getMessage().length()).isLessThan(120))
                .satisfies(e -> assertThat(e.getMessage())
                        .doesNotContain(line.substring(0, Math.max(5, line.length() - 3)), "hunter2", "doUKo", "c29t"));
    }

    @Test
    void aFileMayBeEmptyButHasNoUserTwice() throws Exception {
        assertThat(parse("# nobody\n").hash("alice"))
                .as("the last user can be removed")
                .isNull();
        assertThatThrownBy(() -> parse(FILE + FILE)).hasMessage("line 8 of auth repeats an earlier user");
    }

    @Test
    void itsTextTellsNoSecret() throws Exception {
        assertThat(parse(FILE).toString()).isEqualTo("4 users");
        assertThat(String.valueOf(parse(FILE).hash("carol"))).isEqualTo("Argon2");
        assertThat(parse(FILE)).isEqualTo(parse(FILE + "\n# comment"));
    }
}
