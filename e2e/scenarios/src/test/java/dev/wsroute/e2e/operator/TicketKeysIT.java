// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.Secret;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The Secret with the keys of TLS session tickets: created, repaired, rotated, and emptied when no longer needed. */
class TicketKeysIT extends SharedSecretScenario {

    TicketKeysIT() {
        super("chat-proxy-ticket-keys", "ticket.keys", listener("Enabled"));
    }

    private static String listener(String tickets) {
        return "  proxy: {listeners: [{name: wss, port: 443, protocol: HTTPS, tls: {certificateRefs: [{name: chat-tls}]"
                + ", sessionTickets: " + tickets + "}}]}\n";
    }

    @Override
    void assertValid() {
        assertThat(lines()).hasSize(3).doesNotHaveDuplicates();
    }

    private List<String> lines() {
        return new String(Base64.getDecoder().decode(value()), StandardCharsets.US_ASCII)
                .lines()
                .toList();
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
        assertThat(mayReadIt()).isFalse();
    }

    @Test
    void theyAreMadeForAListenerWithTlsAndEmptiedWhenNobodyNeedsThem() {
        Secret made = create();
        assertValid();
        assertThat(config("chat")).contains("chat-proxy-ticket-keys").doesNotContain(lines().get(1));
        assertThat(mayReadIt()).isTrue();

        edit("chat", yaml("chat", listener("Disabled")));
        await().until(() -> !config("chat").contains("ticketKeys"));
        await().untilAsserted(() -> assertThat(secret().get().getData()).isNullOrEmpty());
        awaitQuiet();
        assertThat(mayReadIt()).isFalse();

        edit("chat", yaml("chat", listener("Enabled")));
        await().until(() -> config("chat").contains("ticketKeys"));
        assertThat(lines()).hasSize(3);
        assertThat(value()).isNotEqualTo(valueOf(made));
    }

    @Test
    void keysThatAreDueAreRotatedByOnePlaceHoweverLate() {
        create();
        List<String> before = lines();

        replace(Map.of(
                "ticket.keys",
                value(),
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
        Secret made = create();
        replace(Map.of("ticket.keys", base64("broken")));
        await().untilAsserted(() -> assertThat(lines()).hasSize(3));
        assertThat(value()).isNotEqualTo(valueOf(made));
        awaitQuiet();

        String own = valueOf(made);
        replace(Map.of("ticket.keys", own));
        awaitQuiet();

        assertThat(value()).isEqualTo(own);
        assertThat(secret().get().getData()).containsKey("rotated");
    }

    @Test
    void aForeignSecretIsReportedAndLeftAlone() {
        chatService();
        Secret foreign = createForeign(base64("of somebody else"));

        apply("chat", listener("Enabled"));
        awaitProgrammed("chat", "NameConflict");
        edit("chat", yaml("chat", listener("Disabled")));
        awaitProgrammed("chat", "NoReadyProxy");
        awaitQuiet();

        assertThat(client.resource(foreign).get()).isEqualTo(foreign);
    }
}
