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

/** Habits of the sources that neither the formatter nor the compiler checks. */
class SourceStyleTest {

    private static final Path ROOT = Stream.iterate(Path.of("").toAbsolutePath(), Objects::nonNull, Path::getParent)
            .filter(folder -> Files.exists(folder.resolve(".ci/run")))
            .findFirst()
            .orElseThrow();
    /** A field with its own logger. One that is given a logger has no initializer. */
    private static final Pattern LOGGER = Pattern.compile("^ {4}(\\w+ )*(org\\.slf4j\\.)?Logger \\w+ =");

    @Test
    void everyLoggerIsAPrivateConstantNamedLog() throws IOException {
        try (Stream<Path> files = Files.walk(ROOT)) {
            List<String> loggers = files.filter(file -> file.toString().endsWith(".java"))
                    .filter(file -> file.toString().contains("/src/main/java/"))
                    .flatMap(SourceStyleTest::lines)
                    .filter(line -> LOGGER.matcher(line).find())
                    .map(String::strip)
                    .toList();

            assertThat(loggers)
                    .hasSizeGreaterThan(20)
                    .allMatch(line -> line.startsWith("private static final Logger LOG ="));
        }
    }

    private static Stream<String> lines(Path file) {
        try {
            return Files.readAllLines(file).stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
