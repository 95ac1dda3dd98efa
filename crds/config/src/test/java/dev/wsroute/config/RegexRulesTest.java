// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.re2j.Pattern;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The size of an expression is checked before it is compiled, and accepted expressions can be matched on any thread. */
class RegexRulesTest {

    /** Half of what the JVM gives a thread. */
    private static final long SMALL_STACK = 512 * 1024;

    private static final int EXPRESSIONS = 3000;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "(?:a?){240}",
                "(?:a?){240}b",
                "(?:(?:a?){14}){14}",
                "(?:a*){240}",
                "(?:a|b?|){140}",
                "(?:(?:(?:(?:a?)?)?)?){80}",
                "((a?){9}){20}",
                "(?:((((((((((a?))))))))))){40}",
                "(?:^|$|\\b){130}",
            })
    void anExpressionThatIsAcceptedMatchesOnASmallStack(String regex) throws Exception {
        assertThat(RegexRules.problem(regex)).isNull();

        assertThat(onSmallStack(() -> Pattern.compile(regex).matches("a".repeat(2048) + "!")))
                .isFalse();
    }

    @Test
    void theLongestChainOfAlternativesAndTheDeepestNestingMatchOnASmallStack() throws Exception {
        String alternatives = IntStream.range(0, 512).mapToObj(i -> "a").collect(Collectors.joining("|"));
        String nested = "(".repeat(50) + "a?" + ")?".repeat(50);
        for (String regex : List.of(alternatives, nested, "a?".repeat(512), "(?:)|".repeat(204))) {
            assertThat(RegexRules.problem(regex)).isNull();

            assertThat(onSmallStack(() -> Pattern.compile(regex).matches("a".repeat(2048) + "!")))
                    .isFalse();
        }
    }

    @Test
    void noMixOfConstructsHidesARepetitionFromWhoCounts() throws Exception {
        Random random = new Random(11);
        List<String> parts = List.of(
                "a",
                "[",
                "]",
                "[^]",
                "(",
                "(?:",
                "(?i:",
                "(?s)",
                "(?s-U)",
                ")",
                "{1000}",
                "{99}",
                "{2,}",
                "{0}",
                "\\Q",
                "\\E",
                "\\pL",
                "\\p{Greek}",
                "\\x{41}",
                "\\",
                "|",
                "*",
                "?",
                "+",
                "-",
                "^",
                "$",
                "[[:alpha:]]",
                "\\101",
                "{",
                "}",
                ",",
                "\\[",
                "\\]",
                "(?P<n>",
                "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa");
        List<String> accepted = new ArrayList<>();

        for (int i = 0; i < EXPRESSIONS; i++) {
            String regex = random.ints(1 + random.nextInt(14), 0, parts.size())
                    .mapToObj(parts::get)
                    .collect(Collectors.joining());
            if (RegexRules.problem(regex) == null) {
                accepted.add(regex);
            }
        }

        assertThat(accepted).hasSizeGreaterThan(EXPRESSIONS / 50);
        for (String regex : accepted) {
            int size = Pattern.compile(regex).programSize();
            assertThat((long) size).as(regex).isLessThan(2 * RegexRules.MAX_STEPS);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a{600}(?s){600}",
                "/(a{300}(?i){300})(?s-m){9}",
                "(?:a{9}b)(?U){99}(?-s){99}",
                "a{9}(?s){9}(?s){9}(?s){9}(?s){9}",
                "(?:[a-z]{600})+(?s){99}",
                "(a{600}?)*?(?s){99}",
            })
    void aRepetitionAfterFlagsAppliesToTheExpressionBeforeThem(String regex) {
        assertThat(RegexRules.problem(regex)).contains("unfold to at most");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            (ab){99}       | false
            (ab){100}      | true
            (ab){1,100}    | true
            (ab){100,}     | true
            a\\){150}      | false
            (a\\){150}b)   | false
            (a\\\\){150}   | true
            (a\\\\\\){150}) | false
            (a)(?s){150}   | true
            a[)]{150}      | false
            a[(){150}]     | false
            """)
    void onlyARepetitionBehindAGroupRepeatsAGroup(String regex, boolean often) {
        assertThat(RegexSize.of(regex).repeatsGroupOften()).isEqualTo(often);
    }

    @Test
    void flagsThemselvesCostNothing() {
        assertThat(RegexRules.problem("(?s)(?i)/a(?-i)b(?U)[a-z]{900}")).isNull();
        assertThat(RegexSize.of("(?s)/a(?-i)b").steps())
                .isEqualTo(RegexSize.of("/ab").steps());
    }

    private static boolean onSmallStack(Callable<Boolean> work) throws Exception {
        FutureTask<Boolean> task = new FutureTask<>(work);
        Thread thread = new Thread(null, task, "small stack", SMALL_STACK);
        thread.start();
        return task.get();
    }
}
