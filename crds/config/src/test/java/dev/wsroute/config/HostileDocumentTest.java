// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.wsroute.config.ProxyConfigParser.DocumentFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Limits on the cost of reading a document, and on the size of the error message. */
@Timeout(60)
class HostileDocumentTest {

    private static final int FULL = ProxyConfigParser.MAX_BYTES - 1000;

    /** Documents with many problems, or with a few large ones. */
    static Stream<String> faults() {
        String rule = "{\"name\":\"r\",\"rules\":[{\"name\":\"a\",\"backends\":[";
        return Stream.of(
                "{\"listeners\":[" + filled("1,", "1") + "]}",
                "{\"listeners\":[" + filled("{},", "{}") + "]}",
                "{\"listeners\":[{\"name\":\"\",\"port\":80}],\"routes\":[" + filled("{\"name\":\"\"},", "{}") + "]}",
                "{\"listeners\":[" + filled("{\"name\":\"a\",\"port\":-1},", "{\"name\":\"a\",\"port\":1}") + "]}",
                "{\"listeners\":[{\"name\":\"a\",\"port\":80}],\"routes\":[" + rule
                        + filled("{\"name\":\"b\",\"weight\":-1},", "{\"name\":\"c\"}") + "]}]}]}",
                "{\"listeners\":[{\"name\":\"a\",\"port\":80}],\"routes\":[{\"name\":\"r\",\"hostnames\":["
                        + filled("\"_\",", "\"_\"") + "],\"rules\":[{\"name\":\"a\"}]}]}",
                "{\"listeners\":[{\"name\":\"a\",\"port\":80}],\"clientAddress\":{\"trustedProxies\":["
                        + filled("\"_\",", "\"_\"") + "]}}",
                "{\"listeners\":[{\"name\":\"a\",\"port\":80,\"address\":\"" + filled("x", "x") + "\"}]}",
                "{\"listeners\":[{\"name\":\"a\",\"port\":80,\"" + filled("x", "x") + "\":1}]}",
                "{\"listeners\":[{\"name\":\"a\",\"port\":80,\"address\":\"" + filled(":", ":") + "\"}]}",
                "{\"version\":{\"generation\":1,\"hash\":\"" + filled("x", "x")
                        + "\"},\"listeners\":[{\"name\":\"a\",\"port\":80}]}",
                "{\"schemaVersion\":\"" + filled("9", "9") + "\"}",
                "{\"listeners\":" + filled("[", "[") + "}",
                "{\"listeners\":[{\"name\":\"a\",\"port\":80}],\"name\":\"" + filled("x", "x") + "\",\"name\":\"\"}",
                "{\"" + filled("x", "x") + "\":{\"a\":1,\"a\":2}}",
                "{\"listeners\":" + filled("9", "9") + "}");
    }

    @ParameterizedTest
    @MethodSource("faults")
    void aDocumentOfFaultsIsRefusedWithFewShortSentences(String document) {
        InvalidConfigException refusal =
                catchThrowableOfType(InvalidConfigException.class, () -> new ProxyConfigParser().parse(document, true));

        assertThat(refusal).isNotNull();
        assertThat(refusal.sentences()).hasSizeBetween(1, 101).allMatch(problem -> problem.length() <= 500);
        assertThat(refusal.getMessage()).hasSizeLessThan(2100);
    }

    @Test
    void theSentenceMentionsThatThereMayBeMoreProblems() {
        InvalidConfigException refusal = catchThrowableOfType(
                InvalidConfigException.class,
                () -> new ProxyConfigParser().parse("{\"listeners\":[" + filled("1,", "1") + "]}", true));

        assertThat(refusal.sentences()).hasSize(101);
        assertThat(refusal.sentences().get(99)).isEqualTo("listeners[99] must be an object, got 1");
        assertThat(refusal.sentences().get(100))
                .isEqualTo("There may be more problems: the document is checked until 100 are found");
        assertThat(refusal.getMessage()).startsWith("listeners[0] must").endsWith(" more problems");
    }

    @Test
    void fieldsOfANewerDocumentAreNamedUpToAHundred() throws Exception {
        StringBuilder text =
                new StringBuilder("{\"schemaVersion\":\"1.99\",\"listeners\":[{\"name\":\"a\",\"port\":80}]");
        for (int i = 0; i < 1000; i++) {
            text.append(",\"new").append(i).append("\":1");
        }

        assertThat(new ProxyConfigParser().parse(text + "}", false).ignoredFields())
                .hasSize(100)
                .startsWith("new0", "new1");
    }

    @ParameterizedTest
    @EnumSource(DocumentFormat.class)
    void anOverlongVersionIsNotReported(DocumentFormat format) {
        String text = "{\"version\":{\"generation\":1,\"hash\":\"" + "x".repeat(10_000) + "\"}}";

        InvalidConfigException refusal = catchThrowableOfType(
                InvalidConfigException.class, () -> new ProxyConfigParser().parse(text, format, true));

        assertThat(refusal.version()).isNull();
    }

    /** Texts for which YAML parsers need much more time or memory than their length suggests. */
    static List<String> bombs() {
        StringBuilder laughs = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
        for (int i = 1; i < 12; i++) {
            laughs.append("a").append(i).append(": &a").append(i).append(" [");
            laughs.append(("*a" + (i - 1) + ", ").repeat(9))
                    .append("*a")
                    .append(i - 1)
                    .append("]\n");
        }
        String cycle = "listeners: &a [*a]\n";
        String long1 = "a: &a " + "x".repeat(500_000) + "\nb: [" + "*a, ".repeat(100_000) + "*a]\n";
        return List.of(
                laughs.toString(),
                cycle,
                long1,
                filled("[", "["),
                filled("{", "{"),
                filled("{a: ", "{"),
                filled("- ", "-"),
                filled("? ", "?"),
                filled("? - ", "-"),
                filled("[? ", "["),
                filled("a: &a *a\n", "\n"),
                filled("&a ", "a"),
                filled("!a ", "a"),
                filled("*a ", "a"),
                filled("a: |\n", "a"),
                filled("\"", "\""),
                filled("\t", "a"),
                filled("%TAG ! a\n", "a"),
                filled("---\n", "a"),
                filled("a\n", "a"),
                filled("<<: {<<: ", "x"),
                "listeners: " + filled("1_", "1"));
    }

    @ParameterizedTest
    @MethodSource("bombs")
    void noYamlCostsMoreThanItsSizeAllows(String bomb) {
        InvalidConfigException refusal = catchThrowableOfType(
                InvalidConfigException.class, () -> new ProxyConfigParser().parse(bomb, DocumentFormat.YAML, true));

        assertThat(refusal).isNotNull();
        assertThat(refusal.getMessage()).hasSizeLessThan(2100);
    }

    private static String filled(String unit, String last) {
        return unit.repeat(FULL / unit.length()) + last;
    }
}
