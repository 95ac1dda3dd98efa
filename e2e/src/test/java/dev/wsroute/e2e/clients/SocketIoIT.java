package dev.wsroute.e2e.clients;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Socket.IO 4 opens a session by HTTP long polling and then upgrades it to a WebSocket. */
class SocketIoIT {

    @TempDir
    private Path folder;

    @Test
    void socketIoStartsByPollingAndUpgradesToAWebSocket() throws Exception {
        String node = InstalledPrograms.onPath("node").toString();
        Path serverScript = InstalledPrograms.nodeScript("socketio-server.js");
        Path clientScript = InstalledPrograms.nodeScript("socketio-client.js");

        try (StartedProgram server = StartedProgram.start(node, serverScript.toString());
                StandaloneProxy proxy =
                        StandaloneProxy.to(Integer.parseInt(server.awaitLine("listening on (\\d+)")), folder);
                StartedProgram client = StartedProgram.start(
                        node, clientScript.toString(), proxy.http("").toString())) {

            assertThat(client.exitStatus(Duration.ofSeconds(30)))
                    .as(() -> String.join("\n", client.lines()))
                    .isZero();
            assertThat(client.lines())
                    .containsExactly(
                            "opened by polling",
                            "echo of first",
                            "upgraded to websocket",
                            "echo of second",
                            "server is on websocket");
        }
    }
}
