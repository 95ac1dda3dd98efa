// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.Secret;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The Secret with the key of session cookies is created once, and never replaced while it is valid. */
class SessionKeyIT extends SharedSecretScenario {

    private static final String SESSIONS = "    sessionPersistence: {}\n";

    SessionKeyIT() {
        super("chat-proxy-session-key", "key", SESSIONS);
    }

    @Override
    void assertValid() {
        assertThat(Base64.getDecoder().decode(value())).hasSize(32);
    }

    @Test
    void aRouteThatKeepsNoSessionsHasNoneAndItsProxiesMayReadNone() {
        chatService();
        apply("chat", "");
        awaitProgrammed("chat", "NoReadyProxy");

        assertThat(secret().get()).isNull();
        assertThat(config("chat")).doesNotContain("session-key");
        assertThat(secretRules()).isEmpty();
    }

    @Test
    void itIsMadeWithTheFirstRuleThatKeepsSessionsAndStaysAsItIsWhenNoneDoesAnyMore() {
        chatService();
        apply("chat", "");
        awaitProgrammed("chat", "NoReadyProxy");

        edit("chat", yaml("chat", SESSIONS));
        await().until(() -> config("chat").contains("chat-proxy-session-key"));
        String key = value();
        assertValid();
        assertThat(mayReadIt()).isTrue();
        assertThat(owned(Secret.class)).containsExactly("chat-proxy-session-key");

        edit("chat", yaml("chat", "    sessionPersistence: null\n"));
        await().until(() -> !config("chat").contains("chat-proxy-session-key"));
        awaitQuiet();
        assertThat(secretRules()).isEmpty();
        assertThat(value()).isEqualTo(key);

        edit("chat", yaml("chat", SESSIONS));
        await().until(() -> config("chat").contains("chat-proxy-session-key"));
        awaitQuiet();
        assertThat(value()).isEqualTo(key);
    }

    @Test
    void aRotatedKeyIsKept() {
        create();
        String rolled = base64("a key of 32 bytes, by their hand");

        replace(Map.of("key", rolled));
        awaitQuiet();

        assertThat(value()).isEqualTo(rolled);
    }

    @Test
    void aKeyThatIsTooShortIsReplaced() {
        create();
        String shortened = base64("short");

        replace(Map.of("key", shortened));

        await().untilAsserted(
                        () -> assertThat(Base64.getDecoder().decode(value())).hasSize(32));
    }

    @Test
    void aForeignSecretIsReportedAndLeftAloneUntilItIsDeleted() {
        chatService();
        Secret foreign = createForeign(Base64.getEncoder().encodeToString(new byte[32]));

        apply("chat", SESSIONS);
        awaitProgrammed("chat", "NameConflict");

        assertThat(message("chat", "Programmed"))
                .isEqualTo("Secret " + namespace + "/chat-proxy-session-key exists and does not belong to this route;"
                        + " delete it or rename the route.");
        assertThat(client.resource(foreign).get()).isEqualTo(foreign);
        assertThat(events()).containsEntry("NameConflict", 1);

        client.resource(foreign).delete();
        awaitProgrammed("chat", "NoReadyProxy");
        assertThat(value()).isNotEqualTo(valueOf(foreign));
    }
}
