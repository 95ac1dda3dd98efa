// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.install;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Style rules that neither the formatter nor the compiler checks. */
class SourceStyleTest {

    private static final Path ROOT = Stream.iterate(Path.of("").toAbsolutePath(), Objects::nonNull, Path::getParent)
            .filter(folder -> Files.exists(folder.resolve(".ci/run")))
            .findFirst()
            .orElseThrow();
    /** A field with its own logger. One that is given a logger has no initializer. */
    private static final Pattern LOGGER = Pattern.compile("^ {4}(\\w+ )*(org\\.slf4j\\.)?Logger \\w+ =");

    /** A timeout below the default of all modules, which a busy machine may need in full. */
    private static final Pattern SHORT_WAIT =
            Pattern.compile("atMost\\((Duration\\.of(Seconds\\([1-5]?\\d\\)|Millis)|\\d+, *TimeUnit\\.)");

    @Test
    void everyLoggerIsAPrivateConstantNamedLog() throws IOException {
        try (Stream<String> lines = linesIn("/src/main/java/")) {
            List<String> loggers = lines.filter(line -> LOGGER.matcher(line).find())
                    .map(String::strip)
                    .toList();

            assertThat(loggers)
                    .hasSizeGreaterThan(20)
                    .allMatch(line -> line.startsWith("private static final Logger LOG ="));
        }
    }

    @Test
    void noTestWaitsLessThanTheDefaultForACondition() throws IOException {
        try (Stream<String> lines = linesIn("/src/test/java/")) {
            assertThat(lines.filter(line -> SHORT_WAIT.matcher(line).find())).isEmpty();
        }
        assertThat("await().at" + "Most(Duration.ofSeconds(5)).until(done);").containsPattern(SHORT_WAIT);
        assertThat("await().at" + "Most(Duration.ofMillis(500))").containsPattern(SHORT_WAIT);
    }

    private static Stream<String> linesIn(String folder) throws IOException {
        return Files.walk(ROOT)
                .filter(file -> file.toString().endsWith(".java"))
                .filter(file -> file.toString().contains(folder))
                .flatMap(SourceStyleTest::lines);
    }

    private static Stream<String> lines(Path file) {
        try {
            return Files.readAllLines(file).stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
