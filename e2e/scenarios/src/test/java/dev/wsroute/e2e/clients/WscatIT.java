// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.clients;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The usual first example: a Node server with {@code ws}, and {@code wscat} as its client. */
class WscatIT {

    @TempDir
    private Path folder;

    @Test
    void wscatReceivesTheNodeServersAnswersInOrder() throws Exception {
        String node = InstalledPrograms.onPath("node").toString();
        Path wscat = InstalledPrograms.nodeScript("node_modules/wscat/bin/wscat");
        Path script = InstalledPrograms.nodeScript("echo-server.js");

        try (StartedProgram server = StartedProgram.start(node, script.toString());
                StandaloneProxy proxy =
                        StandaloneProxy.to(Integer.parseInt(server.awaitLine("listening on (\\d+)")), folder);
                StartedProgram client = StartedProgram.start(
                        node,
                        wscat.toString(),
                        "--connect",
                        proxy.ws("/chat").toString(),
                        "--execute",
                        "hello",
                        "--execute",
                        "how are you",
                        "--wait",
                        "1")) {

            assertThat(client.exitStatus(Duration.ofSeconds(20))).isZero();
            assertThat(client.lines())
                    .containsExactly("Server received from client: hello", "Server received from client: how are you");
            assertThat(server.lines()).contains("received hello", "received how are you");
        }
    }
}
