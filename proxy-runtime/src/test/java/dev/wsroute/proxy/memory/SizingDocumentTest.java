// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The table of connections by memory in docs/sizing.md is what a proxy calculates. */
class SizingDocumentTest {

    private static final Pattern ROW =
            Pattern.compile("(?m)^\\| (\\d+)(Mi|Gi)(?: \\(default\\))? \\| ([\\d,]+) \\| ([\\d,]+) \\| ([\\d,]+) \\|$");

    @Test
    void eachRowIsTheRoomOfAProxyWithThatLimit() throws IOException {
        var rows = ROW.matcher(Files.readString(Path.of("../docs/sizing.md")))
                .results()
                .toList();

        assertThat(rows).hasSize(4).allSatisfy(SizingDocumentTest::verify);
    }

    private static void verify(MatchResult row) {
        long limit = Long.parseLong(row.group(1)) << (row.group(2).equals("Mi") ? 20 : 30);
        // MaxRAMPercentage of the image; the direct memory is as large as the heap.
        long heap = limit * 40 / 100;

        ConnectionRoom room = MemoryPlan.of(heap, heap).connections();

        for (int sides = 0; sides <= 2; sides++) {
            assertThat(row.group(3 + sides)).isEqualTo(String.format(Locale.ROOT, "%,d", room.of(sides)));
        }
    }
}
