// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.wsroute.e2e.client.WebSocketClient;
import dev.wsroute.e2e.client.WebSocketConnection;
import dev.wsroute.e2e.cluster.DevImages;
import dev.wsroute.e2e.dev.Repository;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The servers of "How a backend should shut down" in the user guide, and the one in the examples. */
class BackendShutdownIT {

    private static final String PORT_IN_THE_GUIDE = "8010";

    @TempDir
    private Path folder;

    private final WebSocketClient clients = new WebSocketClient(1);
    private final int port;

    BackendShutdownIT() throws IOException {
        port = StandaloneProxy.freePort();
    }

    @AfterEach
    void closeClients() {
        clients.close();
    }

    @Test
    void theNodeServerOfTheGuideServesUntilItsLastClientHasDisconnected() throws Exception {
        String node = InstalledPrograms.onPath("node").toString();
        Map<String, String> packages =
                Map.of("NODE_PATH", InstalledPrograms.nodeModules().toString());

        servesOn(packages, List.of(node, printed("js")));
    }

    @Test
    void thePythonServerOfTheGuideServesUntilItsLastClientHasDisconnected() throws Exception {
        servesOn(Map.of(), List.of(InstalledPrograms.pythonWithWebsockets(), printed("python")));
    }

    @Test
    void theEchoServerServesUntilItsLastClientHasDisconnected() throws Exception {
        servesOn(Map.of("POD_IP", "127.0.0.1", "PORT", Integer.toString(port)), DevImages.echo());
    }

    @Test
    void theEchoServerListsTheValuesOfOnSigterm() throws Exception {
        try (StartedProgram server = new StartedProgram(Map.of("ON_SIGTERM", "linger"), DevImages.echo())) {
            assertThat(server.exitStatus(Duration.ofSeconds(20))).isEqualTo(2);
            assertThat(server.lines())
                    .first()
                    .isEqualTo("echo: ON_SIGTERM has to be one of drain, close, ignore, not 'linger'.");
        }
    }

    private void servesOn(Map<String, String> environment, List<String> command) throws Exception {
        try (StartedProgram server = new StartedProgram(environment, command)) {
            WebSocketConnection before = await("a server at port " + port)
                    .ignoreExceptions()
                    .until(this::connect, WebSocketConnection::isOpen);

            server.terminate();

            await("as if nothing had happened, for longer than it waits with nobody there")
                    .during(Duration.ofSeconds(4))
                    .until(() -> before.ask("still there?").join().equals("still there?"));
            WebSocketConnection after = connect();
            assertThat(after.ask("a new one").join()).isEqualTo("a new one");
            Stream.of(before, after).forEach(WebSocketConnection::close);
            assertThat(Stream.of(before, after)
                            .map(client -> client.closed().join().code()))
                    .containsOnly(1000);
            assertThat(server.exitStatus(Duration.ofSeconds(20)))
                    .as(() -> String.join("\n", server.lines()))
                    .isZero();
        }
    }

    private WebSocketConnection connect() {
        return clients.connect(URI.create("ws://127.0.0.1:" + port + "/")).join();
    }

    /** Writes the only program of that section in this language to a file, with a free port. */
    private String printed(String language) throws IOException {
        String guide = Files.readString(Repository.locate().get("docs/user-guide.md"));
        Matcher section = Pattern.compile("(?ms)^## How a backend should shut down$.*?(?=^## )")
                .matcher(guide);
        assertThat(section.find()).isTrue();
        List<String> programs = Pattern.compile("(?ms)^```" + language + "\\n(.*?)^```$")
                .matcher(section.group())
                .results()
                .map(block -> block.group(1))
                .toList();
        assertThat(programs).singleElement().asString().containsOnlyOnce(PORT_IN_THE_GUIDE);
        String program = programs.get(0).replace(PORT_IN_THE_GUIDE, Integer.toString(port));
        return Files.writeString(folder.resolve("server"), program).toString();
    }
}
