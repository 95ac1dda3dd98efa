// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.logging;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PrintableTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\n",
                "\r",
                "\t",
                "\0",
                "\u001b[2J",
                "\u007f",
                "\u0085",
                "\u009b31m",
                "\u2028",
                "\u2029",
                "\u202e",
                "\u2066",
                "\u200b",
                "\ufeff",
                "\ud800",
                "\udc00",
                "\udb40\udc41"
            })
    void whatCouldMoveTheCursorOrHideIsWrittenAsAnEscape(String text) {
        String printable = Printable.of("before" + text + "after");

        assertThat(printable).matches("before[ -~]*after").contains("\\");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "plain ~", "größer", "日本語", "😀", "C:\\temp"})
    void whatPeopleReadStays(String text) {
        assertThat(Printable.of(text)).isEqualTo(text);
    }

    @Test
    void tooLongTextIsTruncatedWithAnEllipsis() {
        assertThat(Printable.of("abcdef", 3)).isEqualTo("abc…");
        assertThat(Printable.of("abc", 3)).isEqualTo("abc");
        assertThat(Printable.of("a\nbcd", 3)).isEqualTo("a\\nb…");
    }
}
