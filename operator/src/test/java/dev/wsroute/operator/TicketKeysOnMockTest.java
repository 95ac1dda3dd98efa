// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator;

import static dev.wsroute.operator.MockedReconciler.NAMESPACE;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The rotation of session ticket keys while time passes. */
class TicketKeysOnMockTest {

    private final MockedReconciler mocked = new MockedReconciler().start();

    @AfterEach
    void stop() {
        mocked.close();
    }

    private List<String> keys() {
        String base64 = mocked.api
                .client()
                .secrets()
                .inNamespace(NAMESPACE)
                .withName("chat-proxy-ticket-keys")
                .get()
                .getData()
                .get("ticket.keys");
        return new String(Base64.getDecoder().decode(base64), StandardCharsets.US_ASCII)
                .lines()
                .toList();
    }

    private List<String> keysAfter(Duration time) {
        mocked.advance(time);
        mocked.reconcileAgain();
        return keys();
    }

    @Test
    void theyAreRotatedOnceInTwelveHoursAndByOnePlaceAfterALongBreak() {
        mocked.applySecured("chat");
        mocked.awaitReason("chat", "Programmed", "NoReadyProxy");
        List<String> first = keys();
        assertThat(first).hasSize(3).doesNotHaveDuplicates();
        assertThat(mocked.writes("chat"))
                .containsSubsequence("secrets/chat-proxy-ticket-keys", "configmaps/chat-proxy-config");

        assertThat(keysAfter(Duration.ofHours(11))).isEqualTo(first);
        List<String> second = keysAfter(Duration.ofHours(1));
        assertThat(second).hasSize(3).startsWith(first.get(1), first.get(2));
        assertThat(keysAfter(Duration.ofMinutes(1))).isEqualTo(second);
        List<String> third = keysAfter(Duration.ofDays(3));
        assertThat(third).hasSize(3).startsWith(second.get(1), second.get(2));
        assertThat(keysAfter(Duration.ofMinutes(1))).isEqualTo(third);
        // A clock that was set back stops no rotation for ever.
        assertThat(keysAfter(Duration.ofDays(-30))).isEqualTo(third);
        assertThat(keysAfter(Duration.ofHours(12))).startsWith(third.get(1), third.get(2));
    }
}
