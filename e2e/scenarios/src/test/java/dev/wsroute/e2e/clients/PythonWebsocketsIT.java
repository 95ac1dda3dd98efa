// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.clients;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wsroute.e2e.dev.Repository;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Python's {@code websockets}, which offers compression and subprotocols by default. */
class PythonWebsocketsIT {

    @TempDir
    private Path folder;

    @Test
    void pythonNegotiatesCompressionAndSubprotocolAndSeesTheBackendsCloseCode() throws Exception {
        String python = InstalledPrograms.pythonWithWebsockets();
        Path script = Repository.locate().get("e2e/scenarios/clients/websockets-client.py");

        try (TestBackend backend = new TestBackend();
                StandaloneProxy proxy = StandaloneProxy.to(backend.port(), folder);
                StartedProgram client = StartedProgram.start(
                        python, script.toString(), proxy.ws("/ws").toString())) {

            assertThat(client.exitStatus(Duration.ofSeconds(30)))
                    .as(() -> String.join("\n", client.lines()))
                    .isZero();
            assertThat(client.lines())
                    .containsExactly(
                            "subprotocol chat.v2",
                            "extensions permessage-deflate",
                            "text True",
                            "binary True",
                            "pong",
                            "closed 4001 enough");
        }
    }
}
