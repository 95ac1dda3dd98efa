// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.wsroute.e2e.bench.machine.Programs;
import dev.wsroute.e2e.dev.Repository;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.opentest4j.TestAbortedException;
import picocli.CommandLine;

/** A very short benchmark with the packaged proxy and the programs in C. */
class BenchCommandIT {

    private final StringWriter printed = new StringWriter();

    @BeforeEach
    void aCompilerAndTasksetAreThere() {
        need("cc");
        need("taskset");
    }

    private static void need(String program) {
        if (Programs.find(program).isEmpty()) {
            skip(program + " is not installed");
        }
    }

    private static void skip(String why) {
        if ("true".equals(System.getenv("CI"))) {
            throw new AssertionError(why + ", and with CI=true nothing may be missing");
        }
        throw new TestAbortedException(why + ": skipped");
    }

    @Test
    void itMeasuresTheRelayOursAndAnOlderOneAndWritesJsonTableAndChart(@TempDir Path folder) throws Exception {
        Path json = folder.resolve("bench.json");
        Path svg = folder.resolve("bench.svg");

        int status = bench(
                "--proxies=relay,before,ours",
                "--before=" + Repository.locate().get("proxy-runtime/target/wsroute-proxy.jar"),
                "--scenarios=echo,connect",
                "--rounds=1",
                "--seconds=0.3",
                "--connections=2",
                "--warm-ups=1",
                "--json=" + json,
                "--svg=" + svg);

        assertThat(status).as(printed::toString).isZero();
        assertThat(printed.toString()).doesNotContain("FAILED");
        JsonNode scenarios = new ObjectMapper().readTree(json.toFile()).get("scenarios");
        for (String scenario : List.of("echo", "connect")) {
            for (String proxy : List.of("relay", "before", "ours")) {
                JsonNode run = scenarios.get(scenario).get(proxy).get("runs").get(0);
                assertThat(run.get("perSecond").asDouble()).isPositive();
                assertThat(run.get("cpuMicrosPerMessage").asDouble()).isPositive();
                assertThat(run.get("p50Micros").asDouble())
                        .isPositive()
                        .isLessThanOrEqualTo(run.get("p999Micros").asDouble());
            }
        }
        assertThat(printed.toString())
                .contains("ours/relay")
                .contains("-XX:+UseSerialGC")
                .containsPattern("(?m)^(No scenario takes|WARNING: .* times what it was before)");
        assertThat(Files.readString(svg)).contains(">echo</text>", ">connect</text>");
    }

    @Test
    void itLooksIntoTheProxiesForSystemCallsAndAllocations(@TempDir Path folder) throws Exception {
        need("strace");
        Path json = folder.resolve("probes.json");

        int status = bench(
                "--proxies=relay,ours",
                "--scenarios=connect",
                "--rounds=1",
                "--seconds=1",
                "--connections=2",
                "--warm-ups=1",
                "--syscalls",
                "--allocations",
                "--json=" + json);

        assertThat(status).as(printed::toString).isZero();
        if (printed.toString().contains("Operation not permitted")) {
            skip("this user must not trace other processes");
        }
        JsonNode connect =
                new ObjectMapper().readTree(json.toFile()).get("scenarios").get("connect");
        JsonNode relay = connect.get("relay").get("median");
        assertThat(relay.get(Measurement.SYSTEM_CALL + "read").asDouble())
                .as("a request, its answer, a message, its echo, both Close frames, and how both streams end")
                .isBetween(6.0, 9.0);
        assertThat(relay.get(Measurement.SYSTEM_CALLS).asDouble())
                .isGreaterThan(relay.get(Measurement.SYSTEM_CALL + "read").asDouble());
        JsonNode ours = connect.get("ours").get("median");
        assertThat(ours.get(Measurement.SYSTEM_CALLS).asDouble()).isGreaterThan(3);
        assertThat(ours.get(Measurement.CONTEXT_SWITCHES).asDouble()).isPositive();
        assertThat(ours.get(Measurement.SEGMENTS).asDouble())
                .as("three to open each of two TCP connections, and six messages")
                .isGreaterThan(12);
        assertThat(ours.get(Measurement.ALLOCATED).asDouble())
                .isPositive()
                .isLessThanOrEqualTo(ours.get(Measurement.ALLOCATED_BY_ALL).asDouble());
        assertThat(ours.fieldNames())
                .toIterable()
                .as("where it was allocated")
                .anyMatch(name -> name.startsWith(Measurement.ALLOCATION_SITE));
        assertThat(relay.has(Measurement.ALLOCATED)).isFalse();
        assertThat(connect.get("ours").get("runs"))
                .as("a run that is looked into has no times")
                .hasSize(3)
                .allMatch(run -> Stream.of(Measurement.CPU, Measurement.SYSTEM_CALLS, Measurement.ALLOCATED)
                                .filter(run::has)
                                .count()
                        == 1);
    }

    @Test
    void changesOfEndpointsReachTheProxiesWhileMessagesPass(@TempDir Path folder) throws Exception {
        Path json = folder.resolve("churn.json");

        int status = bench(
                "--proxies=haproxy,ours",
                "--scenarios=churn",
                "--rounds=1",
                // The file alternates between two contents and is read twice a second: in three seconds, each
                // reading once found the same one.
                "--seconds=8",
                "--connections=10",
                "--warm-ups=1",
                "--json=" + json);

        assertThat(status).as(printed::toString).isZero();
        JsonNode churn =
                new ObjectMapper().readTree(json.toFile()).get("scenarios").get("churn");
        JsonNode ours = churn.get("ours").get("median");
        assertThat(ours.get(Measurement.CHANGES_TAKEN).asDouble())
                .as("configurations applied a second, by its own metrics")
                .isPositive()
                .isLessThanOrEqualTo(ours.get(Measurement.CHANGES_MADE).asDouble());
        assertThat(ours.get(Measurement.CUTS).asDouble()).isZero();
        assertThat(ours.get(Measurement.CPU_LOAD).asDouble()).isPositive();
        if (ComparedProxy.HAPROXY.isInstalled()) {
            JsonNode haproxy = churn.get("haproxy").get("median");
            assertThat(haproxy.get(Measurement.CHANGES_TAKEN).asDouble())
                    .as("servers that its log says came or went: all that were told")
                    .isPositive()
                    .isEqualTo(haproxy.get(Measurement.CHANGES_MADE).asDouble());
        }
        assertThat(printed.toString()).contains("taken, a second");
    }

    @Test
    void overTlsHandshakesAreFullOrResumedAndRenewedCertificatesArePresented(@TempDir Path folder) throws Exception {
        Path json = folder.resolve("tls.json");

        int status = bench(
                "--tls",
                "--proxies=haproxy,ours",
                "--scenarios=connect,resumed,certificates",
                "--rounds=1",
                "--seconds=1",
                "--connections=2",
                "--certificates=3",
                "--warm-ups=1",
                "--json=" + json);

        assertThat(status).as(printed::toString).isZero();
        assertThat(printed.toString()).doesNotContain("FAILED");
        JsonNode scenarios = new ObjectMapper().readTree(json.toFile()).get("scenarios");
        for (String scenario : List.of("connect", "resumed")) {
            JsonNode median = scenarios.get(scenario).get("ours").get("median");
            assertThat(median.get(Measurement.RATE).asDouble()).as(scenario).isPositive();
        }
        JsonNode certificates = scenarios.get("certificates").get("ours").get("median");
        assertThat(certificates.get(Measurement.RENEWAL).asDouble()).isPositive();
        assertThat(certificates.get(Measurement.MEMORY_IN_USE).asDouble()).isPositive();
    }

    @Test
    void aStormOfHandshakesIsServedOrRefusedBesideOpenWebSockets(@TempDir Path folder) throws Exception {
        Path json = folder.resolve("overload.json");

        int status = bench(
                "--overload",
                "--proxies=haproxy,ours",
                "--rounds=1",
                "--seconds=1",
                "--connections=30",
                "--warm-ups=1",
                "--json=" + json);

        assertThat(status).as(printed::toString).isZero();
        assertThat(printed.toString())
                .doesNotContain("FAILED")
                .contains("In a storm of handshakes", "times as long in the storm");
        JsonNode ours = new ObjectMapper()
                .readTree(json.toFile())
                .get("scenarios")
                .get("overload")
                .get("ours")
                .get("median");
        for (String figure : List.of(
                Measurement.CAPACITY,
                Measurement.OFFERED,
                Measurement.SERVED,
                Measurement.SERVED_P99,
                Measurement.CALM_P99,
                Measurement.P99_RATIO,
                Measurement.DIRECT_P99)) {
            assertThat(ours.get(figure).asDouble()).as(figure).isPositive();
        }
        // A proxy that is still getting warm may serve all of them.
        if (ours.get(Measurement.REFUSED).asDouble() > 0) {
            assertThat(ours.get(Measurement.REFUSED_P50).asDouble())
                    .isPositive()
                    .isLessThan(2000);
        }
    }

    @Test
    void handshakesAreCheckedByEachProxyThatCan(@TempDir Path folder) throws Exception {
        Path json = folder.resolve("access.json");

        int status = bench(
                "--access",
                "--proxies=nginx,haproxy,ours",
                "--rounds=1",
                "--seconds=0.5",
                "--connections=4",
                "--warm-ups=1",
                "--json=" + json);

        assertThat(status).as(printed::toString).isZero();
        assertThat(printed.toString())
                .doesNotContain("FAILED")
                .contains("times that of the same proxy without a check", "99 of 100 such connections");
        JsonNode scenarios = new ObjectMapper().readTree(json.toFile()).get("scenarios");
        for (String check : List.of("none", "origin", "token", "tokens", "external", "password")) {
            assertThat(cpu(scenarios, check, "ours")).as(check).isPositive();
        }
        if (ComparedProxy.NGINX.isInstalled()) {
            assertThat(cpu(scenarios, "external", "nginx")).isPositive();
            assertThat(cpu(scenarios, "password", "nginx")).isPositive();
        }
        if (ComparedProxy.HAPROXY.isInstalled()) {
            assertThat(cpu(scenarios, "token", "haproxy")).isPositive();
            assertThat(cpu(scenarios, "tokens", "haproxy")).isPositive();
            assertThat(cpu(scenarios, "password", "haproxy")).isPositive();
        }
    }

    private static double cpu(JsonNode scenarios, String check, String proxy) {
        return scenarios
                .get("access-" + check)
                .get(proxy)
                .get("median")
                .get(Measurement.CPU)
                .asDouble();
    }

    @Test
    void aScenarioOrProxyThatDoesNotExistIsNamed() {
        assertThat(bench("--scenarios=ecko")).isEqualTo(2);
        assertThat(bench("--proxies=squid")).isEqualTo(2);
        assertThat(bench("--scenarios=resumed")).isEqualTo(2);
        assertThat(bench("--cpu=1.5")).isEqualTo(2);
        assertThat(bench("--access", "--tls")).isEqualTo(2);

        assertThat(printed.toString())
                .contains("--scenarios must be some of echo, ")
                .contains(", got 'ecko'")
                .contains("--proxies must be some of relay, ")
                .contains(", got 'squid'")
                .contains("--scenarios resumed needs --tls")
                .contains("scenarios that check access cannot be measured with --tls")
                .contains("--cpu must be more than 0 and at most 1, got 1.5");
    }

    private int bench(String... arguments) {
        PrintWriter writer = new PrintWriter(printed, true);
        return new CommandLine(new BenchCommand())
                .setOut(writer)
                .setErr(writer)
                .setExecutionExceptionHandler((failure, command, parsed) -> {
                    writer.println(failure.getMessage());
                    return 1;
                })
                .execute(arguments);
    }
}
