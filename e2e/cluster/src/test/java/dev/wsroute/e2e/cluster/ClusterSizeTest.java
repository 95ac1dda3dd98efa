// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The embedded cluster stays small enough for a test double: docs/adr/0033. */
class ClusterSizeTest {

    private static final int LINES_AT_MOST = 13_356;

    @Test
    void theEmbeddedClusterStaysWithinItsLimit() throws IOException {
        try (Stream<Path> files = Files.walk(Path.of("src/main/java/dev/wsroute/e2e/cluster"))) {
            long lines = files.filter(file -> file.toString().endsWith(".java"))
                    .mapToLong(ClusterSizeTest::lines)
                    .sum();

            assertThat(lines)
                    .as("lines of the embedded cluster; before you raise the limit, read docs/adr/0033")
                    .isPositive()
                    .isLessThanOrEqualTo(LINES_AT_MOST);
        }
    }

    private static long lines(Path file) {
        try (Stream<String> lines = Files.lines(file)) {
            return lines.count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
