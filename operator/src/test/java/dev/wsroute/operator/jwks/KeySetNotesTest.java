// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.jwks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wsroute.operator.compile.KeySetNeed;
import dev.wsroute.operator.compile.KeySetSource;
import dev.wsroute.operator.compile.KeySetSource.Authorities;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeySetNotesTest {

    private static final Instant TIME = Instant.parse("2026-01-02T03:04:05Z");

    private static KeySetNeed need(String key, Authorities authorities) {
        return new KeySetNeed(
                key,
                key,
                new KeySetSource("https://" + key + ".example.com/keys", authorities),
                Duration.ofMinutes(90));
    }

    @Test
    void theyTellLaterWhereTheSetsComeFromAndHowOldTheyAre() {
        List<KeySetNeed> needs = List.of(need("a", null), need("b", new Authorities("apps", List.of("one", "two"))));

        String notes = KeySetNotes.text(needs, Map.of("b", TIME.plusMillis(1)));

        assertThat(KeySetNotes.needs(notes, "apps")).isEqualTo(needs);
        assertThat(KeySetNotes.confirmed(notes, "a")).isNull();
        assertThat(KeySetNotes.confirmed(notes, "b")).isEqualTo(TIME);
        assertThat(KeySetNotes.text(List.of(), Map.of())).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "1",
                "[]",
                "{\"a\":1}",
                "{\"a\":{\"uri\":\"http://a/\",\"staleFor\":\"1h\"}}",
                "{\"a\":{\"uri\":\"https://a/\",\"staleFor\":\"long\"}}",
                "{\"a\":{\"uri\":\"https://a/\"}}",
            })
    void whatCannotBeReadIsLeftOut(String notes) {
        assertThat(KeySetNotes.needs(notes, "apps")).isEmpty();
        assertThat(KeySetNotes.confirmed(notes, "a")).isNull();
    }

    @Test
    void thereNeedNotBeAny() {
        assertThat(KeySetNotes.needs(null, "apps")).isEmpty();
        assertThat(KeySetNotes.confirmed(null, "a")).isNull();
    }
}
