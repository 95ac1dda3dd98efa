// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIf;

/** docs/compatibility.md, which is about plain listeners, agrees with the wire suite. */
@DisabledIf("dev.wsroute.proxy.testkit.TestTls#isOn")
class CompatibilityDocumentTest {

    private static final Path DOCUMENT = Path.of("../docs/compatibility.md");

    @Test
    void eachRowOfTheDocumentIsACaseWithThatOutcomeAndEachCaseIsARow() throws Exception {
        List<String> documented =
                rows().map(row -> row.get(0) + ": " + row.get(1)).toList();
        List<String> tested = CompatibilityCases.cases()
                .map(one -> one.name() + ": " + CompatibilityCases.outcome(one))
                .toList();

        assertThat(documented).doesNotHaveDuplicates().containsExactlyInAnyOrderElementsOf(tested);
    }

    @Test
    void eachRowStatesTheBehaviourOfThePeersAndTheReason() throws Exception {
        assertThat(rows()).allSatisfy(row -> assertThat(row).hasSize(6).doesNotContain(""));
    }

    /** The cells of each row of a table of cases, with code as plain text. */
    private static Stream<List<String>> rows() throws Exception {
        List<List<String>> rows = new ArrayList<>();
        boolean inTable = false;
        for (String line : Files.readAllLines(DOCUMENT)) {
            if (!line.startsWith("|")) {
                inTable = false;
            } else if (line.startsWith("| Case | wsroute |")) {
                inTable = true;
            } else if (inTable && !line.startsWith("|---")) {
                rows.add(Stream.of(line.substring(1, line.length() - 1).split("\\|", -1))
                        .map(cell -> cell.replace("`", "").trim())
                        .toList());
            }
        }
        return rows.stream();
    }
}
