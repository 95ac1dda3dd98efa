// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wsroute.logging.StandardStreams;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

class WsrouteProxyTest {

    @TempDir
    private Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @ParameterizedTest
    @MethodSource("examples")
    void everyExamplePassesCheck(Path example) {
        assertThat(run(Map.of(), "--check", "--config", example.toString())).isZero();
        assertThat(out.toString()).startsWith("OK: " + example);
    }

    static List<Path> examples() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("examples"))) {
            return files.filter(file -> file.toString().endsWith(".yaml"))
                    .sorted()
                    .toList();
        }
    }

    @Test
    void checkNamesEveryProblemOnALineOfItsOwn() throws IOException {
        Path file = Files.writeString(folder.resolve("bad.yaml"), "listeners: []\nroutes: [{name: r}]\n");

        assertThat(run(Map.of(), "--check", "--config", file.toString())).isEqualTo(1);
        assertThat(err.toString().lines())
                .containsExactly(
                        file + ": listeners must hold at least one listener",
                        file + ": routes[0].rules must hold at least one rule");
    }

    @Test
    void aByteOrderMarkChangesNothingAndUtf16IsRefusedWithASentence() throws IOException {
        String example = Files.readString(Path.of("examples/static.yaml"));
        Path marked = Files.writeString(folder.resolve("marked.yaml"), "\uFEFF" + example);
        Path wide = Files.writeString(folder.resolve("wide.yaml"), example, StandardCharsets.UTF_16);
        Path unmarked = Files.writeString(folder.resolve("unmarked.yaml"), example, StandardCharsets.UTF_16LE);

        assertThat(run(Map.of(), "--check", "--config", marked.toString())).isZero();
        assertThat(run(Map.of(), "--check", "--config", wide.toString())).isEqualTo(1);
        assertThat(run(Map.of(), "--check", "--config", unmarked.toString())).isEqualTo(1);
        assertThat(err.toString().lines())
                .containsExactly(
                        "wsroute-proxy: The configuration file " + wide + " is UTF-16 or UTF-32; save it as UTF-8",
                        "wsroute-proxy: The configuration file " + unmarked + " is UTF-16 or UTF-32; save it as UTF-8");
    }

    @Test
    void checkRefusesMoreConnectionsThanThereIsMemoryFor() throws IOException {
        Path file = Files.writeString(
                folder.resolve("many.yaml"),
                Files.readString(Path.of("examples/static.yaml")) + "\nlimits: {connectionsPerProxy: 10000000}\n");

        assertThat(run(Map.of(), "--check", "--config", file.toString())).isEqualTo(1);
        assertThat(err.toString()).startsWith(file + ": limits.connectionsPerProxy is 10000000, but only ");
    }

    @Test
    void checkRefusesToRebalanceAProxyThatIsAlone() throws IOException {
        Path file = Files.writeString(
                folder.resolve("alone.yaml"),
                Files.readString(Path.of("examples/static.yaml")) + "\nrebalance: {enabled: true}\n");

        assertThat(run(Map.of(), "--check", "--config", file.toString())).isEqualTo(1);
        assertThat(err.toString())
                .startsWith(file + ": rebalance.enabled must be false for a proxy that knows of no others");
    }

    @Test
    void aSizeOfMemoryThatDoesNotFitIsOneSentence() {
        assertThat(run(Map.of(), "--config", "x", "--memory", "buffers=100000Gi"))
                .isEqualTo(CommandLine.ExitCode.USAGE);
        assertThat(err.toString().lines())
                .hasSize(1)
                .first()
                .asString()
                .startsWith("wsroute-proxy: --memory buffers may take at most three quarters of the direct memory");
    }

    @Test
    void aFlagThatDoesNotExistIsOneSentence() {
        assertThat(run(Map.of(), "--cofnig", "x")).isEqualTo(CommandLine.ExitCode.USAGE);
        assertThat(err.toString().lines()).hasSize(1).first().asString().startsWith("wsroute-proxy: Unknown option");
    }

    @Test
    void oneSourceOfConfigurationIsNeededAndOnlyOne() {
        assertThat(run(Map.of())).isEqualTo(2);
        assertThat(run(Map.of(), "--config", "x", "--config-map", "a/b")).isEqualTo(2);
        assertThat(err.toString().lines())
                .hasSize(2)
                .allMatch(line -> line.startsWith(
                        "wsroute-proxy: exactly one of --config FILE and --config-map NAMESPACE/NAME is required"));
    }

    @Test
    void badValuesOfFlagsAreNamed() {
        assertThat(run(Map.of(), "--config", "x", "--admin-port", "70000")).isEqualTo(2);
        assertThat(run(Map.of(), "--config", "x", "--probe-port", "-1")).isEqualTo(2);
        assertThat(run(Map.of(), "--config", "x", "--log-level", "LOUD")).isEqualTo(2);
        assertThat(run(Map.of(), "--config", "x", "--log-format", "xml")).isEqualTo(2);
        assertThat(run(Map.of(), "--config-map", "apps")).isEqualTo(2);
        assertThat(run(Map.of(), "--config-map", "a/b", "--report-config-map", "a/c"))
                .isEqualTo(2);
        List<String> lines = err.toString().lines().toList();
        assertThat(lines).hasSize(6);
        assertThat(lines.get(0)).contains("--admin-port must be between 0 and 65535, got 70000");
        assertThat(lines.get(1)).contains("--probe-port must be between 0 and 65535, got -1");
        assertThat(lines.get(2)).contains("--log-level must be ERROR, WARN, INFO, DEBUG or TRACE, got 'LOUD'");
        assertThat(lines.get(3)).contains("--log-format").contains("xml");
        assertThat(lines.get(4))
                .isEqualTo("wsroute-proxy: --config-map must be of the form NAMESPACE/NAME, got 'apps'; see --help");
        assertThat(lines.get(5)).contains("POD_NAME");
    }

    @ParameterizedTest
    @CsvSource({
        "--io, uring, '--io must be auto, epoll or nio, got ''uring'''",
        "--bind-address, everywhere, '--bind-address must be an IP address, got ''everywhere'''",
        "--admin-address, 10.0.0.256, '--admin-address must be an IP address, got ''10.0.0.256'''",
        "--report-config-map, a/b/c, '--report-config-map must be of the form NAMESPACE/NAME, got ''a/b/c'''",
        "--shutdown-within, soon, '--shutdown-within: '",
        "--memory, heads, '--memory '",
    })
    void aBadValueOfAFlagExitsWith2AndPointsToTheHelp(String flag, String value, String sentence) {
        assertThat(run(Map.of("POD_NAME", "pod"), "--config", "x", flag, value)).isEqualTo(2);

        assertThat(err.toString().lines())
                .singleElement()
                .asString()
                .startsWith("wsroute-proxy: " + sentence)
                .endsWith("; see --help");
    }

    @Test
    void badListenersAreNamed() {
        assertThat(run(Map.of(), "--config", "x", "--listen", "8080")).isEqualTo(2);
        assertThat(run(Map.of(), "--config", "x", "--listen", "=8080")).isEqualTo(2);
        assertThat(run(Map.of(), "--config", "x", "--listen", "ws=http")).isEqualTo(2);
        assertThat(run(Map.of(), "--config", "x", "--listen", "ws=-1")).isEqualTo(2);
        assertThat(run(Map.of(), "--config", "x", "--listen", "ws=65536")).isEqualTo(2);
        assertThat(run(Map.of(), "--config", "x", "--listen", "ws=80", "--listen", "ws=81"))
                .isEqualTo(2);
        assertThat(err.toString().lines())
                .containsExactly(
                        "wsroute-proxy: --listen must be of the form NAME=PORT, got '8080'; see --help",
                        "wsroute-proxy: --listen must be of the form NAME=PORT, got '=8080'; see --help",
                        "wsroute-proxy: --listen must be of the form NAME=PORT, got 'ws=http'; see --help",
                        "wsroute-proxy: --listen must be of the form NAME=PORT, got 'ws=-1'; see --help",
                        "wsroute-proxy: --listen must have a port between 0 and 65535, got 'ws=65536'; see --help",
                        "wsroute-proxy: --listen names the listener 'ws' twice; see --help");
    }

    @Test
    void aMissingFileIsOneSentence() {
        assertThat(run(Map.of(), "--config", "no/such.yaml", "--bind-address", "127.0.0.1", "--admin-port", "0"))
                .isEqualTo(1);
        assertThat(err.toString().lines())
                .containsExactly("wsroute-proxy: The configuration file no/such.yaml does not exist");
    }

    @Test
    void aBadFileIsItsSentence() throws IOException {
        Path file = Files.writeString(folder.resolve("bad.yaml"), "listeners: [{name: ws, port: 99999}]\n");

        assertThat(run(Map.of("POD_IP", "127.0.0.1"), "--config", file.toString(), "--admin-port", "0"))
                .isEqualTo(1);
        assertThat(err.toString().lines())
                .containsExactly("wsroute-proxy: listeners[0].port must be between 0 and 65535, got 99999");
    }

    /** The port is in use, so that the error message contains the address. */
    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "-, -, 127.0.0.1",
                "127.0.0.7, -, 127.0.0.7",
                "127.0.0.7, 127.0.0.8, 127.0.0.8",
            })
    void outsideAPodTheAdminPortListensOnLoopbackByDefault(
            @Nullable String podAddress, @Nullable String flag, String expected) throws IOException {
        try (ServerSocket taken = new ServerSocket(0)) {
            Path file = Files.writeString(folder.resolve("proxy.yaml"), "listeners: [{name: ws, port: 0}]\n");
            String port = String.valueOf(taken.getLocalPort());
            List<String> arguments = new ArrayList<>(List.of("--config", file.toString(), "--bind-address", "0.0.0.0"));
            arguments.addAll(List.of("--admin-port", port));
            if (flag != null) {
                arguments.addAll(List.of("--admin-address", flag));
            }
            Map<String, String> environment = podAddress == null ? Map.of() : Map.of("POD_IP", podAddress);

            assertThat(run(environment, arguments.toArray(String[]::new))).isEqualTo(1);

            assertThat(err.toString())
                    .startsWith("wsroute-proxy: The admin port cannot listen on " + expected + ":" + port + ": ");
        }
    }

    @Test
    void aTokenFileThatHoldsNoGoodTokenIsOneSentence() throws IOException {
        Path config = Files.writeString(folder.resolve("proxy.yaml"), "listeners: [{name: ws, port: 0}]\n");
        Path token = Files.writeString(folder.resolve("token"), "short\n");
        String[] arguments = {"--config", config.toString(), "--admin-port", "0", "--admin-token-file", token.toString()
        };

        assertThat(run(Map.of(), arguments)).isEqualTo(1);
        Files.delete(token);
        assertThat(run(Map.of(), arguments)).isEqualTo(1);

        assertThat(err.toString().lines())
                .containsExactly(
                        "wsroute-proxy: The token file " + token
                                + " must contain 16 to 4096 printable ASCII characters without spaces",
                        "wsroute-proxy: Cannot read the token file " + token + ": NoSuchFileException");
    }

    @Test
    void aPortInUseIsOneSentence() throws IOException {
        try (ServerSocket taken = new ServerSocket(0)) {
            Path file = Files.writeString(
                    folder.resolve("taken.yaml"),
                    "listeners: [{name: ws, address: 127.0.0.1, port: " + taken.getLocalPort() + "}]\n");

            assertThat(run(Map.of("POD_IP", "127.0.0.1"), "--config", file.toString(), "--admin-port", "0"))
                    .isEqualTo(1);
            assertThat(err.toString().lines())
                    .hasSize(1)
                    .first()
                    .asString()
                    .startsWith("wsroute-proxy: Cannot listen on 127.0.0.1:" + taken.getLocalPort());
        }
    }

    @Test
    void helpAndVersionAreThere() {
        assertThat(run(Map.of(), "--help")).isZero();
        assertThat(run(Map.of(), "--version")).isZero();
        assertThat(out.toString()).contains("--config-map=NAMESPACE/NAME").contains("wsroute-proxy ");
    }

    private int run(Map<String, String> environment, String... arguments) {
        return WsrouteProxy.commandLine(environment, StandardStreams.to(OutputStream.nullOutputStream()))
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(arguments);
    }
}
