// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.clients;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
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

        TestAuthority authority = TestAuthority.named("authority", folder);

        try (StartedProgram server = StartedProgram.start(node, script.toString());
                StandaloneProxy proxy = StandaloneProxy.securedTo(
                        Integer.parseInt(server.awaitLine("listening on (\\d+)")),
                        List.of(authority.issue("server", "IP:127.0.0.1")),
                        folder)) {
            for (Scheme scheme : Scheme.values()) {
                try (StartedProgram client = StartedProgram.start(
                        node,
                        wscat.toString(),
                        "--ca",
                        authority.certificate().toString(),
                        "--connect",
                        proxy.ws(scheme, "/chat").toString(),
                        "--execute",
                        "hello by " + scheme,
                        "--execute",
                        "how are you",
                        "--wait",
                        "1")) {
                    assertThat(client.exitStatus(Duration.ofMinutes(1))).isZero();
                    assertThat(client.lines())
                            .containsExactly(
                                    "Server received from client: hello by " + scheme,
                                    "Server received from client: how are you");
                    assertThat(server.lines())
                            .containsSubsequence("received hello by " + scheme, "received how are you");
                }
            }
        }
    }
}
