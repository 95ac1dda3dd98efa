// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.wsroute.api.v1alpha1.WebSocketRoute;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.dsl.Resource;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The Secret with the key of session cookies is created once, and never replaced while it is valid. */
class SessionKeyIT extends OperatorScenario {

    private static final String SESSIONS = "    sessionPersistence: {}\n";

    @Test
    void aRouteThatKeepsNoSessionsHasNoneAndItsProxiesMayReadNone() {
        chatService();
        apply("chat", "");
        awaitProgrammed("chat", "NoReadyProxy");

        assertThat(secret().get()).isNull();
        assertThat(config("chat")).doesNotContain("session-key");
        assertThat(mayReadItsKey()).isFalse();
    }

    @Test
    void itIsMadeWithTheFirstRuleThatKeepsSessionsAndStaysAsItIsWhenNoneDoesAnyMore() {
        chatService();
        apply("chat", "");
        awaitProgrammed("chat", "NoReadyProxy");

        edit("chat", yaml("chat", SESSIONS));
        await().until(() -> config("chat").contains("chat-proxy-session-key"));
        String key = key();
        assertThat(Base64.getDecoder().decode(key)).hasSize(32);
        assertThat(mayReadItsKey()).isTrue();
        assertThat(owned(Secret.class)).containsExactly("chat-proxy-session-key");

        edit("chat", yaml("chat", "    sessionPersistence: null\n"));
        await().until(() -> !config("chat").contains("chat-proxy-session-key"));
        awaitQuiet();
        assertThat(mayReadItsKey()).isFalse();
        assertThat(key()).isEqualTo(key);

        edit("chat", yaml("chat", SESSIONS));
        await().until(() -> config("chat").contains("chat-proxy-session-key"));
        awaitQuiet();
        assertThat(key()).isEqualTo(key);
    }

    @Test
    void neitherAnEditNorARestartOfTheOperatorRewritesIt() throws Exception {
        Secret made = sessions();

        edit("chat", yaml("chat", SESSIONS + "    timeouts: {idle: 1h}\n"));
        await().until(() -> config("chat").contains("\"idle\""));
        awaitQuiet();
        assertThat(secret().get()).isEqualTo(made);

        try (OperatorProgram second =
                OperatorProgram.start(cluster.kubeconfig(), "--leader-election", "false", "--namespaces", namespace)) {
            await().until(() -> second.reconciliations() >= 1);

            assertThat(second.writeRequests()).isZero();
        }
        assertThat(secret().get()).isEqualTo(made);
    }

    @Test
    void itIsDeletedWithTheRoute() {
        sessions();

        client.resources(WebSocketRoute.class)
                .inNamespace(namespace)
                .withName("chat")
                .delete();

        await().until(() -> secret().get() == null);
    }

    @Test
    void oneThatWasDeletedIsReplacedByAnother() {
        Secret made = sessions();

        secret().delete();

        await().until(() -> secret().get() != null);
        assertThat(key()).isNotEqualTo(made.getData().get("key"));
        assertThat(Base64.getDecoder().decode(key())).hasSize(32);
    }

    @Test
    void aRotatedKeyIsKept() {
        sessions();
        String rolled = Base64.getEncoder().encodeToString("a key of 32 bytes, by their hand".getBytes());

        secret().edit(s -> new SecretBuilder(s).withData(Map.of("key", rolled)).build());
        awaitQuiet();

        assertThat(key()).isEqualTo(rolled);
    }

    @Test
    void aKeyThatIsTooShortIsReplaced() {
        sessions();
        String shortened = Base64.getEncoder().encodeToString("short".getBytes());

        secret().edit(s ->
                new SecretBuilder(s).withData(Map.of("key", shortened)).build());

        await().untilAsserted(
                        () -> assertThat(Base64.getDecoder().decode(key())).hasSize(32));
    }

    @Test
    void aRemovedLabelIsRestoredAndTheKeyIsKept() {
        Secret made = sessions();

        secret().edit(s -> new SecretBuilder(s)
                .editMetadata()
                .removeFromLabels("app.kubernetes.io/managed-by")
                .endMetadata()
                .build());

        await().untilAsserted(() -> assertThat(secret().get().getMetadata().getLabels())
                .isEqualTo(made.getMetadata().getLabels()));
        assertThat(key()).isEqualTo(made.getData().get("key"));
        assertThat(secret().get().getMetadata().getUid())
                .isEqualTo(made.getMetadata().getUid());
    }

    @Test
    void aForeignSecretIsReportedAndLeftAloneUntilItIsDeleted() {
        chatService();
        Secret foreign = client.resource(new SecretBuilder()
                        .withNewMetadata()
                        .withNamespace(namespace)
                        .withName("chat-proxy-session-key")
                        .endMetadata()
                        .addToData("key", Base64.getEncoder().encodeToString(new byte[32]))
                        .build())
                .create();

        apply("chat", SESSIONS);
        awaitProgrammed("chat", "NameConflict");

        assertThat(message("chat", "Programmed"))
                .isEqualTo("Secret " + namespace + "/chat-proxy-session-key exists and does not belong to this route;"
                        + " delete it or rename the route.");
        assertThat(client.resource(foreign).get()).isEqualTo(foreign);
        assertThat(events()).containsEntry("NameConflict", 1);

        client.resource(foreign).delete();
        awaitProgrammed("chat", "NoReadyProxy");
        assertThat(key()).isNotEqualTo(foreign.getData().get("key"));
    }

    /** Creates a route with session persistence and returns its key. */
    private Secret sessions() {
        chatService();
        apply("chat", SESSIONS);
        awaitProgrammed("chat", "NoReadyProxy");
        awaitQuiet();
        return secret().get();
    }

    private Resource<Secret> secret() {
        return client.secrets().inNamespace(namespace).withName("chat-proxy-session-key");
    }

    private String key() {
        return secret().get().getData().get("key");
    }

    private boolean mayReadItsKey() {
        return client.rbac().roles().inNamespace(namespace).withName("chat-proxy").get().getRules().stream()
                .anyMatch(rule -> rule.getResources().contains("secrets"));
    }
}
