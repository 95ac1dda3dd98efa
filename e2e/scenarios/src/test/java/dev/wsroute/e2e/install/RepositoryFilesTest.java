// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.install;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The files that the code host reads are valid and refer to existing files. */
class RepositoryFilesTest {

    private static final Path ROOT = Stream.iterate(Path.of("").toAbsolutePath(), Objects::nonNull, Path::getParent)
            .filter(folder -> Files.exists(folder.resolve(".ci/run")))
            .findFirst()
            .orElseThrow();
    private static final ObjectMapper YAML = YAMLMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();
    private static final Pattern TARGET = Pattern.compile("\\bmake ((?:[a-z][a-z0-9-]*)(?: [a-z][a-z0-9-]*)*)");
    private static final Pattern SCRIPT = Pattern.compile("\\bbash (\\S+)");
    private static final Pattern HOST = Pattern.compile("\\b[a-z0-9-]+\\.(io|com|net|org|dev)\\b");

    static List<Path> yaml() throws IOException {
        return files(ROOT.resolve(".github"), ".yml");
    }

    static List<Path> workflows() throws IOException {
        return files(ROOT.resolve(".github/workflows"), ".yml");
    }

    /** With C1 alone the JVM keeps 48 MB of compiled code. Maven filled that while it compiled all modules, and died. */
    @Test
    void mavenAndTheTestsHaveRoomForCompiledCode() throws IOException {
        String flag = "-XX:ReservedCodeCacheSize=240m";

        assertThat(Files.readString(ROOT.resolve(".mvn/jvm.config")).split("\\s+"))
                .contains(flag);
        assertThat(ManagementFactory.getRuntimeMXBean().getInputArguments()).contains(flag);
    }

    @ParameterizedTest
    @MethodSource("yaml")
    void eachYamlFileIsAnObject(Path file) throws IOException {
        assertThat(YAML.readTree(file.toFile()).isObject()).isTrue();
    }

    @ParameterizedTest
    @MethodSource("workflows")
    void eachStepOfAWorkflowUsesAnActionOrRunsACommand(Path file) throws IOException {
        for (JsonNode job : YAML.readTree(file.toFile()).path("jobs")) {
            assertThat(job.has("uses") || !job.path("steps").isEmpty()).isTrue();
            for (JsonNode step : job.path("steps")) {
                assertThat(step.has("uses") ^ step.has("run"))
                        .as(step.toString())
                        .isTrue();
            }
        }
    }

    @ParameterizedTest
    @MethodSource("workflows")
    void eachCommandOfAWorkflowExists(Path file) throws IOException {
        Set<String> targets = targets();

        List<String> commands = commands(file);

        assertThat(commands.stream()
                        .flatMap(command -> TARGET.matcher(command).results())
                        .flatMap(made -> Stream.of(made.group(1).split(" "))))
                .isSubsetOf(targets);
        assertThat(commands.stream()
                        .flatMap(command -> SCRIPT.matcher(command).results())
                        .map(script -> ROOT.resolve(script.group(1))))
                .allMatch(Files::isExecutable);
    }

    @ParameterizedTest
    @MethodSource("workflows")
    void eachWorkflowThatAnotherOneUsesExists(Path file) throws IOException {
        for (JsonNode job : YAML.readTree(file.toFile()).path("jobs")) {
            String used = job.path("uses").asText();
            assertThat(used.isEmpty() || Files.exists(ROOT.resolve(used)))
                    .as(used)
                    .isTrue();
        }
    }

    @ParameterizedTest
    @MethodSource("workflows")
    void noWorkflowNamesARegistry(Path file) throws IOException {
        assertThat(Files.readString(file)).doesNotContainPattern(HOST);
    }

    @Test
    void someWorkflowRunsTheTests() throws IOException {
        List<String> commands = new ArrayList<>();
        for (Path file : workflows()) {
            commands.addAll(commands(file));
        }

        assertThat(commands).anyMatch(command -> command.contains(".ci/run"));
        assertThat(commands).anyMatch(command -> command.contains("make images"));
        assertThat(commands).anyMatch(command -> command.contains("make sbom"));
    }

    @Test
    void eachPathThatHasAnOwnerExists() throws IOException {
        List<String> paths = Files.readAllLines(ROOT.resolve(".github/CODEOWNERS")).stream()
                .filter(line -> line.startsWith("/"))
                .map(line -> line.split(" ")[0].substring(1))
                .toList();

        assertThat(paths).isNotEmpty().allMatch(path -> Files.exists(ROOT.resolve(path)));
    }

    private static List<String> commands(Path workflow) throws IOException {
        return YAML.readTree(workflow.toFile()).findValuesAsText("run");
    }

    private static Set<String> targets() throws IOException {
        Matcher rules = Pattern.compile("(?m)^([a-z][a-z0-9-]*):").matcher(Files.readString(ROOT.resolve("Makefile")));
        return rules.results().map(rule -> rule.group(1)).collect(Collectors.toSet());
    }

    private static List<Path> files(Path folder, String suffix) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> file.toString().endsWith(suffix))
                    .sorted()
                    .toList();
        }
    }
}
