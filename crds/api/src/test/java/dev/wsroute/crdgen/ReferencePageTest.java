// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.crdgen;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Compares the committed reference pages with the CRDs. */
class ReferencePageTest {

    private static final Path PAGE = Path.of("../../docs/reference.md");
    private static final Pattern HEADING = Pattern.compile("#+ (spec|status)(\\S*)");
    private static final Pattern PATH = Pattern.compile("`([^`]+)`");
    private static final Pattern ROW = Pattern.compile("\\| `([^`]+)` \\| (.*?) \\| (.*?) \\| (.*?) \\| (.*) \\|");

    /** What the other page says, too, is only there. */
    @ParameterizedTest
    @CsvSource({"reference, websocketroutes, none", "reference-policies, websocketpolicies, spec\\.access\\..*"})
    void itHasEveryFieldOfTheCrdOnceAndNoOther(String page, String plural, String elsewhere) throws IOException {
        ObjectNode crd = CommittedFiles.read(Path.of("../" + plural + ".wsroute.dev.yaml"));
        List<String> fields = SchemaNodes.byPath(CommittedFiles.schema(crd)).keySet().stream()
                .filter(path -> path.matches("(spec|status)\\..*")
                        && !path.matches(elsewhere)
                        && !path.endsWith("[]")
                        && !path.endsWith("{}"))
                .toList();

        assertThat(documented(PAGE.resolveSibling(page + ".md"))).containsExactlyInAnyOrderElementsOf(fields);
    }

    @Test
    void aRowHasTypeDefaultBoundAndDescription() throws IOException {
        assertThat(Files.readAllLines(PAGE))
                .contains(
                        "| `weight` | number | `1` | 0 to 1000000 | Share of new connections, relative to the rule's other"
                                + " backends. 0: no new connections; existing ones stay open. |")
                .anyMatch(row -> row.startsWith("| `over` | duration | `\"20s\"` | must be a duration such as"))
                .anyMatch(row -> row.startsWith(
                        "| `hostnames` | list of text |  | at most 64 items; no item twice; each must be a"));
    }

    @Test
    void rulesBetweenTheFieldsOfAnObjectAreAboveItsTable() throws IOException {
        assertThat(Files.readString(PAGE))
                .containsPattern("(?s)## spec\\.rules\\[]\\.loadBalancing\\n.*?- needs consistentHash with type"
                        + " ConsistentHash, and must not have it with another type\\.\\n.*?\\| `type`");
    }

    /** The full path of each row of each table. */
    private static List<String> documented(Path page) throws IOException {
        List<String> documented = new ArrayList<>();
        List<String> objects = new ArrayList<>();
        for (String line : Files.readAllLines(page)) {
            Matcher heading = HEADING.matcher(line);
            Matcher row = ROW.matcher(line);
            if (heading.matches()) {
                objects.clear();
                objects.add(heading.group(1) + heading.group(2));
            } else if (line.startsWith("This also applies to ")) {
                PATH.matcher(line).results().forEach(path -> objects.add(path.group(1)));
            } else if (row.matches()) {
                objects.forEach(object -> documented.add(object + "." + row.group(1)));
            }
        }
        return documented;
    }
}
