// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.written;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.wsroute.e2e.cluster.api.access.Access;
import dev.wsroute.e2e.dev.Repository;
import dev.wsroute.testkit.Secrets;
import dev.wsroute.testkit.Written;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * No token, cookie, password or key is in anything that programs and tests wrote in this run of the build: logs, pages, metrics,
 * objects of the API, reports. It runs after all other tests of all modules, in an execution of its own.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WrittenSecretsTest {

    private static final Path ROOT = Repository.locate().root();

    private static final String INCOMPLETE =
            "what this run wrote, without selected tests and all modules from the first one";

    private List<Path> written;
    private List<Path> notes;

    @BeforeAll
    void find() throws IOException {
        written = new ArrayList<>();
        notes = new ArrayList<>();
        for (Path module : modules()) {
            // Which of the module's executions wrote it does not matter.
            for (Path folder : list(module.resolve("target"))) {
                if (folder.getFileName().toString().contains("-reports")) {
                    written.addAll(ofThisRun(folder));
                }
            }
            written.addAll(ofThisRun(module.resolve(Written.FOLDER)));
            notes.addAll(ofThisRun(module.resolve(Secrets.FOLDER)));
        }
    }

    @Test
    void noSecretIsInAnythingThatWasWritten() throws IOException {
        List<String> secrets = lines(notes);
        secrets.add("token of a ServiceAccount\t" + Access.TOKEN_END);
        SecretScan scan = new SecretScan(secrets);
        List<String> findings = new ArrayList<>();
        for (Path file : written) {
            findings.addAll(scan.findings(file));
        }

        assertThat(written).as("what this run wrote").isNotEmpty();
        assertThat(findings)
                .as("secrets in %d files, as file:line: kind", written.size())
                .isEmpty();
    }

    /** Who looks at nothing finds nothing: of each kind of text there is some, with what stands beside the secrets. */
    @ParameterizedTest
    @CsvSource({
        "proxy-runtime, access-log, '\"subject\":\"alice\"'",
        "proxy-runtime, access-log, '\"subject\":\"ada\"'",
        "proxy-runtime, access-log, '\"subject\":\"meter\"'",
        "proxy-runtime, program-log, applied",
        "proxy-runtime, pages, wsroute_authorization_checks_total",
        "proxy-runtime, pages, '\"routes\"'",
        "operator, program-log, ''",
        "e2e/scenarios, objects, '\"kind\":\"Event\"'",
        "e2e/scenarios, objects, '\"kind\":\"ConfigMap\"'",
        "e2e/scenarios, objects, '\"kind\":\"WebSocketPolicy\"'",
        "e2e/scenarios, objects, '\"type\":\"Programmed\"'",
        "e2e/scenarios, operators, Connected to",
        "e2e/scenarios, pods, '\"log\":\"access\"'",
        "e2e/scenarios, programs, '\"status\":401'",
        "e2e/scenarios, pages, '\"subject\"'",
    })
    void thereIsTextOfEachKind(String module, String kind, String text) throws IOException {
        assumeTrue(isWholeRun(), "selected tests do not write everything");
        Path folder = ROOT.resolve(module).resolve(Written.FOLDER);

        List<Path> files = written.stream()
                .filter(file -> file.startsWith(folder))
                .filter(file -> file.getFileName().toString().startsWith(kind + "-"))
                .toList();

        // Not all lines in the message.
        assertThat(lines(files).stream().anyMatch(line -> line.contains(text)))
                .as(INCOMPLETE)
                .isTrue();
    }

    @Test
    void eachModuleHasReportsAndTheSecretsAreNoted() throws IOException {
        assumeTrue(isWholeRun(), "selected tests do not write everything");

        assertThat(modules())
                .as(INCOMPLETE)
                .allMatch(module -> written.stream()
                        .anyMatch(file -> file.startsWith(module.resolve("target"))
                                && file.getFileName().toString().startsWith("TEST-")));
        assertThat(lines(notes))
                .extracting(note -> note.substring(0, note.indexOf('\t')))
                .contains("signature of a token", "password of alice", "private key", "content of a Secret");
    }

    private static boolean isWholeRun() {
        return System.getProperty("wsroute.run") != null
                && !isSet("wsroute.selected.tests")
                && !isSet("wsroute.selected");
    }

    /** Maven leaves the expression, or nothing, of a property that nobody has set. */
    private static boolean isSet(String property) {
        String value = System.getProperty(property, "");
        return !value.isEmpty() && !value.startsWith("${");
    }

    /** The folders of modules with tests, but for those that may run at the same time. */
    private static List<Path> modules() throws IOException {
        List<Path> modules = new ArrayList<>();
        for (Path folder : List.of(ROOT, ROOT.resolve("crds"), ROOT.resolve("e2e"))) {
            list(folder).stream()
                    .filter(one -> Files.exists(one.resolve("pom.xml")) && Files.exists(one.resolve("src/test/java")))
                    .filter(one -> !one.endsWith("bench"))
                    .forEach(modules::add);
        }
        return modules;
    }

    /** What earlier runs left is not of interest. */
    private static List<Path> ofThisRun(Path folder) throws IOException {
        Instant start = Instant.parse(System.getProperty("wsroute.run", "1970-01-01T00:00:00Z"));
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        List<Path> files = new ArrayList<>();
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path file : all.filter(Files::isRegularFile).sorted().toList()) {
                if (!Files.getLastModifiedTime(file).toInstant().isBefore(start)) {
                    files.add(file);
                }
            }
        }
        return files;
    }

    private static List<Path> list(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(Files::isDirectory).sorted().toList();
        }
    }

    private static List<String> lines(List<Path> files) throws IOException {
        List<String> lines = new ArrayList<>();
        for (Path file : files) {
            new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1)
                    .lines()
                    .forEach(lines::add);
        }
        return lines;
    }
}
