// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wsroute.logging.StandardStreams;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class WsrouteOperatorTest {

    @Test
    void aBadFlagIsReportedInOneSentence() {
        assertThat(run("--admin-port", "many"))
                .isEqualTo("2: wsroute-operator: Invalid value for option '--admin-port': 'many' is not an int;"
                        + " --help lists the flags\n");
        assertThat(run("--log-level", "LOUD")).startsWith("2: ").hasLineCount(1).contains("LOUD");
        assertThat(run("--admin-port", "65536"))
                .isEqualTo("2: wsroute-operator: --admin-port must be between 0 and 65535, got 65536; --help lists the"
                        + " flags\n");
        assertThat(run("--admin-address", "here"))
                .isEqualTo("2: wsroute-operator: --admin-address must be an IP address, got 'here'; --help lists the"
                        + " flags\n");
        assertThat(run("--leader-election", "maybe"))
                .startsWith("2: ")
                .hasLineCount(1)
                .contains("maybe");
        assertThat(run("--nonsense")).startsWith("2: ").hasLineCount(1).contains("--nonsense");
    }

    @Test
    void helpListsEveryFlag() {
        StringWriter out = new StringWriter();
        CommandLine line = WsrouteOperator.commandLine(Map.of(), StandardStreams.to(OutputStream.nullOutputStream()))
                .setOut(new PrintWriter(out));

        assertThat(line.execute("--help")).isZero();
        assertThat(out.toString())
                .contains(
                        "--namespaces",
                        "--proxy-image",
                        "--admin-address",
                        "--admin-port",
                        "--leader-election=",
                        "--leader-election-namespace",
                        "--log-format",
                        "--log-level",
                        "WSROUTE_PROXY_IMAGE");
    }

    @Test
    void eachFlagHasAnEnvironmentVariableAndTheFlagWins() {
        Map<String, String> environment = Map.of(
                "WSROUTE_NAMESPACES", "a,b",
                "WSROUTE_PROXY_IMAGE", "proxy:env",
                "WSROUTE_LEADER_ELECTION", "false",
                "WSROUTE_ADMIN_PORT", " ");

        OperatorOptions options = parse(environment);

        assertThat(options.namespaces()).isEqualTo(Set.of("a", "b"));
        assertThat(options.proxyImage()).isEqualTo("proxy:env");
        assertThat(options.leaderElection()).isFalse();
        assertThat(options.adminPort()).isEqualTo(8081);
        assertThat(parse(environment, "--proxy-image", "proxy:flag").proxyImage())
                .isEqualTo("proxy:flag");
    }

    @Test
    void defaultsComeFromThePodsEnvironment() {
        OperatorOptions options = parse(Map.of());

        assertThat(options.leaderElection()).isTrue();
        assertThat(options.adminAddress(Map.of("POD_IP", "10.0.0.7"))).isEqualTo("10.0.0.7");
        assertThat(options.adminAddress(Map.of())).isEqualTo("127.0.0.1");
        assertThat(options.leaderElectionNamespace(Map.of("POD_NAMESPACE", "system"), "other"))
                .isEqualTo("system");
        assertThat(options.leaderElectionNamespace(Map.of(), "other")).isEqualTo("other");
        assertThat(options.leaderElectionNamespace(Map.of(), null)).isEqualTo("default");
    }

    private static OperatorOptions parse(Map<String, String> environment, String... flags) {
        OperatorOptions options = new OperatorOptions();
        new CommandLine(options)
                .setDefaultValueProvider(new OperatorOptions.FromEnvironment(environment))
                .parseArgs(flags);
        return options;
    }

    private static String run(String... flags) {
        StringWriter err = new StringWriter();
        int code = WsrouteOperator.commandLine(Map.of(), StandardStreams.to(OutputStream.nullOutputStream()))
                .setErr(new PrintWriter(err))
                .execute(flags);
        return code + ": " + err;
    }
}
