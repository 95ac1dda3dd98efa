// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.install;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.wsroute.e2e.dev.Repository;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

/** The alerts that are installed are those that the operations guide explains. */
class MonitoringTest {

    private static final Pattern SECTION = Pattern.compile("(?m)^## (.+)$");
    private static final Pattern METRIC = Pattern.compile("\\b(wsroute|process|jvm)_[a-z_]*[a-z]");
    private static final Pattern EXPRESSION = Pattern.compile("`([^`]+)`");

    /** The rules select wsroute's pods where other programs have the same metrics. */
    private static final String OF_WSROUTE = "{job=~\".*/wsroute-.*\"}";

    @Test
    void eachAlertOfTheGuideIsARuleAndEachRuleIsInTheGuide() throws IOException {
        JsonNode rules = rules();

        List<String> installed = StreamSupport.stream(rules.spliterator(), false)
                .map(rule -> rule.path("expr").asText().replace(OF_WSROUTE, ""))
                .toList();

        assertThat(installed).containsExactlyElementsOf(documented());
        assertThat(rules).allSatisfy(rule -> {
            assertThat(rule.path("alert").asText()).startsWith("Wsroute");
            assertThat(rule.path("for").asText()).isNotEmpty();
            assertThat(rule.at("/annotations/summary").asText()).isNotEmpty();
        });
    }

    @Test
    void eachAlertLinksToItsRunbookAndEachRunbookHasAnAlert() throws IOException {
        String runbooks = Files.readString(Repository.locate().get("docs/runbooks.md"));
        List<String> sections =
                SECTION.matcher(runbooks).results().map(found -> found.group(1)).toList();

        assertThat(rules()).extracting(rule -> rule.path("alert").asText()).containsExactlyElementsOf(sections);
        assertThat(rules())
                .allSatisfy(
                        rule -> assertThat(rule.at("/annotations/runbook_url").asText())
                                .endsWith("/docs/runbooks.md#"
                                        + rule.path("alert").asText().toLowerCase(Locale.ROOT)));
        assertThat(Stream.of(runbooks.split("(?m)^## ")).skip(1))
                .allSatisfy(section -> assertThat(section)
                        .contains("**For users:**")
                        .containsPattern("\n    (kubectl|curl|sum|max)\\b"));
    }

    @Test
    void theMetricsOfTheRunbooksExist() throws IOException {
        String guide = Files.readString(Repository.locate().get("docs/operations.md"));
        String runbooks = Files.readString(Repository.locate().get("docs/runbooks.md"));

        assertThat(METRIC.matcher(runbooks).results().map(MatchResult::group).distinct())
                .isNotEmpty()
                .allSatisfy(metric -> assertThat(guide).contains("`" + metric.replaceFirst("_max$", "") + "`"));
    }

    private static JsonNode rules() throws IOException {
        return Kustomization.documents(
                        Files.readString(Kustomization.DEPLOY.resolve("kustomize/monitoring/alerts.yaml")))
                .get(0)
                .at("/spec/groups/0/rules");
    }

    private static List<String> documented() throws IOException {
        return Files.readString(Repository.locate().get("docs/operations.md"))
                .lines()
                .dropWhile(line -> !line.startsWith("| alert if this holds"))
                .skip(2)
                .takeWhile(line -> line.startsWith("|"))
                .map(line -> line.replace("\\|", "\u0000").split("\\|")[1].replace("\u0000", "|"))
                .flatMap(cell -> EXPRESSION.matcher(cell).results().map(MatchResult::group))
                .map(code -> code.substring(1, code.length() - 1))
                .toList();
    }
}
