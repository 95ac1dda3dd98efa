// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.http.headers;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.util.AsciiString;
import java.util.Locale;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class HeaderNamesTest {

    @Test
    void aNameIsFoundInAnyCaseAndForm() {
        HeaderNames names = HeaderNames.of("connection", "keep-alive", "TE");

        assertThat(names.contains("Connection")).isTrue();
        assertThat(names.contains(AsciiString.of("KEEP-ALIVE"))).isTrue();
        assertThat(names.contains("te")).isTrue();
        assertThat(names.contains("t")).isFalse();
        assertThat(names.contains("connections")).isFalse();
        assertThat(names.contains("")).isFalse();
    }

    @Test
    void manyNamesAreKeptApart() {
        String[] some = IntStream.range(0, 200).mapToObj(i -> "x-name-" + i).toArray(String[]::new);
        HeaderNames names = HeaderNames.of(some);

        assertThat(some)
                .allSatisfy(name -> assertThat(names.contains(name.toUpperCase(Locale.ROOT)))
                        .isTrue());
        assertThat(IntStream.range(200, 2_000).mapToObj(i -> "x-name-" + i)).noneMatch(names::contains);
    }
}
