// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.authz;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wsroute.config.NameValue;
import dev.wsroute.proxy.authz.ServiceAnswer.Allowed;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class AnswerCacheTest {

    private static final long HOUR = Duration.ofHours(1).toNanos();

    private long now = Long.MAX_VALUE - 5;
    private final AnswerCache cache = new AnswerCache(() -> now, 3, 20_000);

    private static Fingerprint key(int number) {
        return new Fingerprint(number, 0, 0, 0);
    }

    private static Allowed answer(int bytes) {
        return new Allowed(List.of(new NameValue("X", "x".repeat(bytes))), null, List.of(), -1, true);
    }

    @Test
    void anAnswerLastsUntilItsEnd() {
        cache.put(key(1), answer(1), HOUR);

        now += HOUR - 1;
        assertThat(cache.get(key(1))).isNotNull();
        now += 1;
        assertThat(cache.get(key(1))).isNull();
    }

    @Test
    void whatIsLeftOfTheLifetimeShrinks() {
        cache.put(key(1), new Allowed(List.of(), "anna", List.of(), 60, true), HOUR);

        now += Duration.ofSeconds(20).toNanos();

        assertThat(cache.get(key(1))).isEqualTo(new Allowed(List.of(), "anna", List.of(), 40, true));
    }

    @Test
    void theOldestLeaveWhenThereAreTooMany() {
        for (int i = 1; i <= 4; i++) {
            cache.put(key(i), answer(1), HOUR);
        }

        assertThat(cache.get(key(1))).isNull();
        assertThat(cache.get(key(2))).isNotNull();
        assertThat(cache.get(key(4))).isNotNull();
    }

    @Test
    void aLargeAnswerIsNotKept() {
        cache.put(key(1), answer(5000), HOUR);

        assertThat(cache.get(key(1))).isNull();
    }

    @Test
    void whatBeginsASessionIsNotKept() {
        cache.put(key(1), new Allowed(List.of(), null, List.of("session=1"), -1, true), HOUR);

        assertThat(cache.get(key(1))).isNull();
    }

    @Test
    void aNewAnswerReplacesTheFormer() {
        cache.put(key(1), answer(1), HOUR);
        cache.put(key(1), answer(2), HOUR);
        cache.remove(key(1));

        assertThat(cache.get(key(1))).isNull();
    }
}
