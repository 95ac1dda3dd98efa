// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.install;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wsroute.e2e.dev.Repository;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What users see in a status, an answer or a Close frame is in docs/troubleshooting.md, and nothing else is. */
class TroubleshootingTest {

    private static final Pattern CODE = Pattern.compile("`([^`]+)`");
    private static final Pattern CONSTANT = Pattern.compile("(?m)^    ([A-Z_]+)(?:\\((\\d+), .*\\))?[,;]$");
    private static final Pattern NAME = Pattern.compile("(?m)^ +([A-Z][A-Za-z]+),?$");
    private static final Pattern WORD = Pattern.compile("\"([A-Z][a-z]+(?:[A-Z][a-z]+)+)\"");

    /** Words in the sources of the conditions that users do not meet as a reason. */
    private static final Set<String> NO_REASONS = Set.of(
            // Types of conditions, kinds and states that Kubernetes uses; the same condition when it is True.
            "ReplicaSet",
            "PodScheduled",
            "ReplicaSetCreateError",
            "ContainerCreating",
            "PodInitializing",
            "ResolvedRefs",
            "EndpointsReady",
            "PolicyAffected",
            // Kubernetes tries again and then says ImagePullBackOff.
            "ErrImagePull");

    @Test
    void eachReasonOfAConditionHasARow() throws IOException {
        Set<String> documented = firstCells("## A condition of the route", 1);
        Set<String> reasons = new TreeSet<>(literals("operator/src/main/java/dev/wsroute/operator/status"));
        reasons.removeAll(NO_REASONS);
        reasons.addAll(enumOf("compile/Compilation", "RefusalReason"));
        reasons.addAll(enumOf("compile/UnresolvedRef", "UnresolvedReason"));
        reasons.addAll(enumOf("scaling/ScalingDecision", "State"));
        // The one that is a single word.
        reasons.add("Pending");

        assertThat(documented).isEqualTo(reasons);
    }

    @Test
    void eachReasonOfAPolicyHasARow() throws IOException {
        assertThat(firstCells("## The status of a policy", 1))
                .isEqualTo(enumOf("policies/PolicyStatusFactory", "Reason"));
    }

    @Test
    void eachReasonOfARefusalHasARow() throws IOException {
        assertThat(firstCells("## An HTTP status from the proxy", 1))
                .isEqualTo(constants("metrics/RefusalReason").keySet());
    }

    @Test
    void eachReasonOfACloseHasARowWithItsCode() throws IOException {
        Map<String, String> rows = rows("## A WebSocket that ends").stream()
                .map(row -> row.split("\\|"))
                .collect(Collectors.toMap(cells -> codes(cells[2]).get(0), cells -> cells[1].strip()));

        assertThat(rows).isEqualTo(constants("drain/CloseReason"));
    }

    /** The constants of an enum of the proxy as users see them, and the first argument of each if it is a number. */
    private static Map<String, String> constants(String type) throws IOException {
        Map<String, String> constants = new TreeMap<>();
        CONSTANT.matcher(read(
                        Repository.locate().get("proxy-runtime/src/main/java/dev/wsroute/proxy/" + type + ".java")))
                .results()
                .forEach(found -> constants.put(
                        found.group(1).toLowerCase(Locale.ROOT), Objects.requireNonNullElse(found.group(2), "")));
        assertThat(constants).isNotEmpty();
        return constants;
    }

    /** The constants of an enum of the operator. */
    private static Set<String> enumOf(String file, String name) {
        String source = read(Repository.locate().get("operator/src/main/java/dev/wsroute/operator/" + file + ".java"));
        String body = source.substring(source.indexOf("enum " + name + " {"));
        Set<String> constants = NAME.matcher(body.substring(0, body.indexOf("}\n")))
                .results()
                .map(found -> found.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(constants).isNotEmpty();
        return constants;
    }

    /** The words in backticks in one column of a section's table. */
    private static Set<String> firstCells(String section, int column) throws IOException {
        return rows(section).stream()
                .flatMap(row -> codes(row.split("\\|")[column]).stream())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static List<String> rows(String section) throws IOException {
        return Files.readString(Repository.locate().get("docs/troubleshooting.md"))
                .lines()
                .dropWhile(line -> !line.equals(section))
                .dropWhile(line -> !line.startsWith("|"))
                .takeWhile(line -> line.startsWith("|"))
                .skip(2)
                .toList();
    }

    private static List<String> codes(String cell) {
        return CODE.matcher(cell).results().map(found -> found.group(1)).toList();
    }

    private static Set<String> literals(String folder) throws IOException {
        try (Stream<Path> files = Files.list(Repository.locate().get(folder))) {
            return files.flatMap(file -> WORD.matcher(read(file)).results())
                    .map(found -> found.group(1))
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
