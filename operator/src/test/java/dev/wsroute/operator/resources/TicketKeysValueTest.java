// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.resources;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wsroute.operator.testkit.MovableClock;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The rotation of session ticket keys, and what the operator makes of a Secret that somebody has edited. */
class TicketKeysValueTest {

    private static final SecureRandom RANDOM = new SecureRandom();

    private final MovableClock clock = new MovableClock();
    private final TicketKeysValue first = TicketKeysValue.random(RANDOM, clock.instant());

    private TicketKeysValue now(TicketKeysValue value) {
        return value.at(clock.instant(), RANDOM);
    }

    private TicketKeysValue after(Duration time, TicketKeysValue value) {
        clock.advance(time);
        return now(value);
    }

    private static String encoded(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String key(int length) {
        byte[] key = new byte[length];
        RANDOM.nextBytes(key);
        return Base64.getEncoder().encodeToString(key);
    }

    private static Secret secret(Map<String, String> data) {
        return new SecretBuilder().withData(data).build();
    }

    private static Secret holding(String text) {
        return secret(Map.of("ticket.keys", encoded(text), "rotated", encoded("2026-01-02T03:00:00Z")));
    }

    @Test
    void newKeysAreThreeOf32BytesAndLikeNoOther() {
        assertThat(first.keys())
                .hasSize(3)
                .doesNotHaveDuplicates()
                .allSatisfy(key -> assertThat(Base64.getDecoder().decode(key)).hasSize(32));
        assertThat(first.keys())
                .doesNotContainAnyElementsOf(
                        TicketKeysValue.random(RANDOM, clock.instant()).keys());
    }

    @Test
    void theyStayForTwelveHoursAndThenEachMovesByOnePlace() {
        assertThat(after(Duration.ofHours(12).minusSeconds(1), first)).isEqualTo(first);

        TicketKeysValue second = after(Duration.ofSeconds(1), first);

        assertThat(second.keys())
                .hasSize(3)
                .startsWith(first.keys().get(1), first.keys().get(2));
        assertThat(second.keys().get(2)).isNotIn(first.keys());
        assertThat(second.rotated()).isEqualTo(clock.instant());
        assertThat(now(second)).isEqualTo(second);
    }

    @Test
    void aTicketCanBeReadUntilTheSecondRotation() {
        String encrypting = first.keys().get(1);

        TicketKeysValue second = after(Duration.ofHours(12), first);
        TicketKeysValue third = after(Duration.ofHours(12), second);

        assertThat(second.keys()).contains(encrypting);
        assertThat(third.keys()).doesNotContain(encrypting);
    }

    @Test
    void afterThreeDaysWithoutAnOperatorTheyMoveByOnePlaceOnly() {
        TicketKeysValue later = after(Duration.ofDays(3), first);

        assertThat(later.keys()).startsWith(first.keys().get(1), first.keys().get(2));
        assertThat(now(later)).isEqualTo(later);
        assertThat(after(Duration.ofHours(11), later)).isEqualTo(later);
    }

    @Test
    void aRotationThatIsRepeatedFromAStaleCacheIsTheSameStep() {
        clock.advance(Duration.ofHours(12));

        TicketKeysValue once = now(first);
        TicketKeysValue again = now(first);

        assertThat(again.keys().subList(0, 2)).isEqualTo(once.keys().subList(0, 2));
    }

    @Test
    void aRotationInTheFutureCountsAsNow() {
        TicketKeysValue ahead =
                new TicketKeysValue(first.keys(), clock.instant().plus(Duration.ofDays(365)));

        TicketKeysValue corrected = now(ahead);

        assertThat(corrected.keys()).isEqualTo(first.keys());
        assertThat(corrected.rotated()).isEqualTo(clock.instant());
        assertThat(after(Duration.ofHours(12), corrected).keys()).isNotEqualTo(first.keys());
    }

    @Test
    void aClockThatIsAFewSecondsBehindChangesNothing() {
        TicketKeysValue ahead =
                new TicketKeysValue(first.keys(), clock.instant().plusSeconds(60));

        assertThat(now(ahead)).isSameAs(ahead);
    }

    @Test
    void whatIsWrittenIsRead() {
        assertThat(TicketKeysValue.in(secret(first.data()), Instant.EPOCH)).contains(first);
    }

    @Test
    void keysOfSomebodyElseAreTakenOver() {
        List<String> keys = List.of(key(32), key(32), key(32));

        assertThat(TicketKeysValue.in(holding(String.join("\r\n", keys)), Instant.EPOCH)
                        .map(TicketKeysValue::keys))
                .contains(keys);
    }

    @Test
    void withoutAValidTimeTheRotationCountsFromNow() {
        Map<String, String> data = new HashMap<>(first.data());
        clock.advance(Duration.ofHours(5));
        TicketKeysValue expected = new TicketKeysValue(first.keys(), clock.instant());

        data.put("rotated", encoded("yesterday"));
        assertThat(TicketKeysValue.in(secret(data), clock.instant())).contains(expected);
        data.put("rotated", "not base64!");
        assertThat(TicketKeysValue.in(secret(data), clock.instant())).contains(expected);
        data.remove("rotated");
        assertThat(TicketKeysValue.in(secret(data), clock.instant())).contains(expected);
    }

    @Test
    void theEndsOfTimeAreNoTimeOfARotation() {
        TicketKeysValue longAgo = new TicketKeysValue(first.keys(), Instant.MIN);
        TicketKeysValue never = new TicketKeysValue(first.keys(), Instant.MAX);

        assertThat(now(longAgo).rotated()).isEqualTo(clock.instant());
        assertThat(now(never).rotated()).isEqualTo(clock.instant());
    }

    @Test
    void anythingButThreeDifferentKeysIsRefused() {
        String one = key(32);
        String two = key(32);
        for (String broken : List.of(
                "",
                one,
                one + "\n" + two,
                one + "\n" + two + "\n" + one,
                one + "\n" + two + "\n" + key(31),
                one + "\n" + two + "\n" + key(33),
                one + "\n" + two + "\nnot base64",
                one + "\n" + two + "\n" + key(32) + "\n" + key(32))) {
            assertThat(TicketKeysValue.in(holding(broken), clock.instant())).isEmpty();
        }
        assertThat(TicketKeysValue.in(new SecretBuilder().build(), clock.instant()))
                .isEmpty();
        assertThat(TicketKeysValue.in(secret(Map.of("ticket.keys", "not base64!")), clock.instant()))
                .isEmpty();
    }

    @Test
    void toStringDoesNotRevealThem() {
        assertThat(first.toString()).doesNotContain(first.keys());
    }
}
