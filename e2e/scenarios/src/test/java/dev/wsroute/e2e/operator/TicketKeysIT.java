// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.wsroute.api.v1alpha1.WebSocketRoute;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.dsl.Resource;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The Secret with the keys of TLS session tickets: created, repaired, rotated, and emptied when no longer needed. */
class TicketKeysIT extends OperatorScenario {

    private static String listener(String tickets) {
        return "  proxy: {listeners: [{name: wss, port: 443, protocol: HTTPS, tls: {certificateRefs: [{name: chat-tls}]"
                + ", sessionTickets: " + tickets + "}}]}\n";
    }

    private Secret secured() {
        chatService();
        apply("chat", listener("Enabled"));
        awaitProgrammed("chat", "NoReadyProxy");
        awaitQuiet();
        return secret().get();
    }

    private Resource<Secret> secret() {
        return client.secrets().inNamespace(namespace).withName("chat-proxy-ticket-keys");
    }

    private String keys() {
        return secret().get().getData().get("ticket.keys");
    }

    private List<String> lines() {
        return new String(Base64.getDecoder().decode(keys()), StandardCharsets.US_ASCII)
                .lines()
                .toList();
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.US_ASCII));
    }

    private void replace(Map<String, String> data) {
        secret().edit(s -> new SecretBuilder(s).withData(data).build());
    }

    private boolean mayReadThem() {
        return client.rbac().roles().inNamespace(namespace).withName("chat-proxy").get().getRules().stream()
                .anyMatch(rule -> rule.getResourceNames().contains("chat-proxy-ticket-keys"));
    }

    @Test
    void aRouteWithoutTlsOrWithoutTicketsHasNone() {
        chatService();
        apply("plain", "");
        apply("chat", listener("Disabled"));
        awaitProgrammed("plain", "NoReadyProxy");
        awaitProgrammed("chat", "NoReadyProxy");

        assertThat(owned(Secret.class)).isEmpty();
        assertThat(config("chat")).doesNotContain("ticketKeys");
        assertThat(mayReadThem()).isFalse();
    }

    @Test
    void theyAreMadeForAListenerWithTlsAndEmptiedWhenNobodyNeedsThem() {
        Secret made = secured();
        assertThat(lines()).hasSize(3).doesNotHaveDuplicates();
        assertThat(config("chat")).contains("chat-proxy-ticket-keys").doesNotContain(lines().get(1));
        assertThat(mayReadThem()).isTrue();

        edit("chat", yaml("chat", listener("Disabled")));
        await().until(() -> !config("chat").contains("ticketKeys"));
        await().untilAsserted(() -> assertThat(secret().get().getData()).isNullOrEmpty());
        awaitQuiet();
        assertThat(mayReadThem()).isFalse();

        edit("chat", yaml("chat", listener("Enabled")));
        await().until(() -> config("chat").contains("ticketKeys"));
        assertThat(lines()).hasSize(3);
        assertThat(keys()).isNotEqualTo(made.getData().get("ticket.keys"));
    }

    @Test
    void neitherAnEditOfTheRouteNorARestartOfTheOperatorRewritesThem() throws Exception {
        Secret made = secured();

        edit("chat", yaml("chat", "    timeouts: {idle: 1h}\n" + listener("Enabled")));
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
    void keysThatAreDueAreRotatedByOnePlaceHoweverLate() {
        secured();
        List<String> before = lines();

        replace(Map.of(
                "ticket.keys",
                keys(),
                "rotated",
                base64(Instant.now().minus(Duration.ofDays(3)).toString())));

        await().until(() -> !lines().equals(before));
        assertThat(lines()).hasSize(3).startsWith(before.get(1), before.get(2));
        List<String> after = lines();
        awaitQuiet();
        assertThat(lines()).isEqualTo(after);
    }

    @Test
    void brokenOnesAreReplacedAndThoseOfSomebodyElseAreKept() {
        Secret made = secured();
        replace(Map.of("ticket.keys", base64("broken")));
        await().untilAsserted(() -> assertThat(lines()).hasSize(3));
        assertThat(keys()).isNotEqualTo(made.getData().get("ticket.keys"));
        awaitQuiet();

        String own = made.getData().get("ticket.keys");
        replace(Map.of("ticket.keys", own));
        awaitQuiet();

        assertThat(keys()).isEqualTo(own);
        assertThat(secret().get().getData()).containsKey("rotated");
    }

    @Test
    void aDeletedSecretIsReplacedByAnother() {
        Secret made = secured();

        secret().delete();

        await().until(() -> secret().get() != null);
        assertThat(lines()).hasSize(3);
        assertThat(keys()).isNotEqualTo(made.getData().get("ticket.keys"));
    }

    @Test
    void aRemovedLabelIsRestoredAndTheKeysAreKept() {
        Secret made = secured();

        secret().edit(s -> new SecretBuilder(s)
                .editMetadata()
                .removeFromLabels("app.kubernetes.io/managed-by")
                .endMetadata()
                .build());

        await().untilAsserted(() -> assertThat(secret().get().getMetadata().getLabels())
                .isEqualTo(made.getMetadata().getLabels()));
        assertThat(secret().get().getData()).isEqualTo(made.getData());
    }

    @Test
    void aForeignSecretIsReportedAndLeftAlone() {
        chatService();
        Secret foreign = client.resource(new SecretBuilder()
                        .withNewMetadata()
                        .withNamespace(namespace)
                        .withName("chat-proxy-ticket-keys")
                        .endMetadata()
                        .addToData("ticket.keys", base64("of somebody else"))
                        .build())
                .create();

        apply("chat", listener("Enabled"));
        awaitProgrammed("chat", "NameConflict");
        edit("chat", yaml("chat", listener("Disabled")));
        awaitProgrammed("chat", "NoReadyProxy");
        awaitQuiet();

        assertThat(client.resource(foreign).get()).isEqualTo(foreign);
    }

    @Test
    void theyAreDeletedWithTheRoute() {
        secured();

        client.resources(WebSocketRoute.class)
                .inNamespace(namespace)
                .withName("chat")
                .delete();

        await().until(() -> secret().get() == null);
    }
}
