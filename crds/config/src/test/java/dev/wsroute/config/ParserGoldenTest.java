// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.wsroute.config.ProxyConfigParser.DocumentFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each {@code in-*.yaml} is rejected with exactly the sentences of its {@code out-*.txt}, one per line. */
class ParserGoldenTest {

    private static final Path FOLDER = Path.of("src/test/resources/dev/wsroute/config/parser");

    static List<String> cases() throws IOException {
        return List.copyOf(names("in-", ".yaml"));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void aBadDocumentIsRefusedWithTheseSentences(String name) throws IOException {
        String text = Files.readString(FOLDER.resolve("in-" + name + ".yaml"));

        InvalidConfigException refusal = catchThrowableOfType(
                InvalidConfigException.class, () -> new ProxyConfigParser().parse(text, DocumentFormat.YAML, true));

        assertThat(refusal).isNotNull();
        String expected = Files.readString(FOLDER.resolve("out-" + name + ".txt"));
        assertThat(String.join("\n", refusal.sentences()) + "\n").isEqualTo(expected);
    }

    @Test
    void noFileLiesAboutUnused() throws IOException {
        assertThat(names("out-", ".txt")).isEqualTo(names("in-", ".yaml"));
        try (Stream<Path> all = Files.list(FOLDER)) {
            assertThat(all.count()).isEqualTo(2L * cases().size());
        }
    }

    private static Set<String> names(String prefix, String suffix) throws IOException {
        try (Stream<Path> all = Files.list(FOLDER)) {
            return all.map(path -> path.getFileName().toString())
                    .filter(name -> name.startsWith(prefix) && name.endsWith(suffix))
                    .map(name -> name.substring(prefix.length(), name.length() - suffix.length()))
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }
}
