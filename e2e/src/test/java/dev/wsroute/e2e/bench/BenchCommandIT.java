package dev.wsroute.e2e.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.wsroute.e2e.bench.machine.Programs;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.opentest4j.TestAbortedException;
import picocli.CommandLine;

/** The benchmark for a moment, with the packaged proxy and the programs in C. */
class BenchCommandIT {

    private final StringWriter printed = new StringWriter();

    @BeforeEach
    void aCompilerAndTasksetAreThere() {
        for (String program : List.of("cc", "taskset")) {
            if (Programs.find(program).isEmpty()) {
                String what = program + " is not installed";
                if ("true".equals(System.getenv("CI"))) {
                    throw new AssertionError(what + ", and with CI=true nothing may be missing");
                }
                throw new TestAbortedException(what + ": skipped");
            }
        }
    }

    @Test
    void itMeasuresTheRelayAndOursAndWritesJsonTableAndChart(@TempDir Path folder) throws Exception {
        Path json = folder.resolve("bench.json");
        Path svg = folder.resolve("bench.svg");

        int status = bench(
                "--proxies=relay,ours",
                "--scenarios=echo,connect",
                "--rounds=1",
                "--seconds=0.3",
                "--connections=2",
                "--warm-ups=1",
                "--json=" + json,
                "--svg=" + svg);

        assertThat(status).as(printed::toString).isZero();
        JsonNode scenarios = new ObjectMapper().readTree(json.toFile()).get("scenarios");
        for (String scenario : List.of("echo", "connect")) {
            for (String proxy : List.of("relay", "ours")) {
                JsonNode run = scenarios.get(scenario).get(proxy).get("runs").get(0);
                assertThat(run.get("perSecond").asDouble()).isPositive();
                assertThat(run.get("cpuMicrosPerMessage").asDouble()).isPositive();
                assertThat(run.get("p50Micros").asDouble())
                        .isPositive()
                        .isLessThanOrEqualTo(run.get("p999Micros").asDouble());
            }
        }
        assertThat(printed.toString()).contains("ours/relay").contains("-XX:+UseSerialGC");
        assertThat(Files.readString(svg)).contains(">echo</text>", ">connect</text>");
    }

    @Test
    void changesOfEndpointsReachTheProxiesWhileMessagesPass(@TempDir Path folder) throws Exception {
        Path json = folder.resolve("churn.json");

        int status = bench(
                "--proxies=haproxy,ours",
                "--scenarios=churn",
                "--rounds=1",
                "--seconds=5",
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
        if (Peer.HAPROXY.isInstalled()) {
            JsonNode haproxy = churn.get("haproxy").get("median");
            assertThat(haproxy.get(Measurement.CHANGES_TAKEN).asDouble())
                    .as("servers that its log says came or went: all that were told")
                    .isPositive()
                    .isEqualTo(haproxy.get(Measurement.CHANGES_MADE).asDouble());
        }
        assertThat(printed.toString()).contains("taken, a second");
    }

    @Test
    void aScenarioOrProxyThatDoesNotExistIsNamed() {
        assertThat(bench("--scenarios=ecko")).isOne();
        assertThat(bench("--proxies=squid")).isOne();

        assertThat(printed.toString())
                .contains("there is no scenario ecko")
                .contains("there is no proxy squid to measure");
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
