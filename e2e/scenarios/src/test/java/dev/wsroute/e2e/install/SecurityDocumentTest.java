// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.install;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wsroute.e2e.dev.Repository;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What SECURITY.md promises is backed by tests that exist. */
class SecurityDocumentTest {

    private static final Path ROOT = Repository.locate().root();
    private static final Pattern TEST = Pattern.compile("`(\\w+)#(\\w+)`");

    /** A test that the document names. */
    record NamedTest(String type, String method) {}

    @ParameterizedTest
    @MethodSource("named")
    void eachTestThatItNamesExists(NamedTest test) throws IOException {
        List<Path> sources = sources(test.type() + ".java");

        assertThat(sources).hasSize(1);
        assertThat(Files.readString(sources.get(0))).contains("void " + test.method() + "(");
    }

    @Test
    void eachLineOfItsTablesNamesATestOrADocument() throws IOException {
        List<String> promises = Files.readAllLines(ROOT.resolve("SECURITY.md")).stream()
                .filter(line -> line.startsWith("| can"))
                .toList();

        assertThat(promises).isNotEmpty();
        assertThat(promises).allMatch(line -> TEST.matcher(line).find() || line.matches(".*\\]\\(docs/[^)]*\\) \\|"));
    }

    static List<NamedTest> named() throws IOException {
        return TEST.matcher(Files.readString(ROOT.resolve("SECURITY.md")))
                .results()
                .map(found -> new NamedTest(found.group(1), found.group(2)))
                .distinct()
                .toList();
    }

    private static List<Path> sources(String file) throws IOException {
        try (Stream<Path> files = Files.walk(ROOT)) {
            return files.filter(path -> path.endsWith(file) && path.toString().contains("src/test/java"))
                    .toList();
        }
    }
}
