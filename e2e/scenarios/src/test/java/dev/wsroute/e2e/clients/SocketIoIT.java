// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.clients;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wsroute.config.ConsistentHash;
import dev.wsroute.config.RuleConfig.LoadBalancing;
import dev.wsroute.config.RuleConfigBuilder;
import dev.wsroute.config.SessionPersistence;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;
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

        TestAuthority authority = TestAuthority.named("authority", folder);

        try (StartedProgram server = StartedProgram.start(node, serverScript.toString());
                StandaloneProxy proxy = StandaloneProxy.securedTo(
                        port(server), List.of(authority.issue("server", "IP:127.0.0.1")), folder)) {
            for (Scheme scheme : Scheme.values()) {
                List<String> command = List.of(
                        node, clientScript.toString(), proxy.http(scheme, "").toString());
                try (StartedProgram client = new StartedProgram(authority.environment(), command)) {
                    assertThat(client.exitStatus(Duration.ofSeconds(30)))
                            .as(() -> scheme + ": " + String.join("\n", client.lines()))
                            .isZero();
                    assertThat(client.lines())
                            .as(scheme.toString())
                            .containsExactly(
                                    "opened by polling",
                                    "echo of first",
                                    "upgraded to websocket",
                                    "echo of second",
                                    "server is on websocket");
                }
            }
        }
    }

    @Test
    void sessionsOverTwoBackendsHoldByTheProxysCookie() throws Exception {
        sessionsHold(
                "cookie",
                rule -> rule.loadBalancing(LoadBalancing.of(LoadBalancing.Type.RoundRobin))
                        .sessionPersistence(SessionPersistence.of("wsroute", null)));
    }

    @Test
    void sessionsOverTwoBackendsHoldByTheHashOfTheUser() throws Exception {
        ConsistentHash hash = new ConsistentHash(ConsistentHash.Type.QueryParam, "user");
        sessionsHold(
                "user",
                rule -> rule.loadBalancing(new LoadBalancing(LoadBalancing.Type.ConsistentHash, Duration.ZERO, hash)));
    }

    /** With round robin alone, every second request of a session would reach a server without that session. */
    private void sessionsHold(String by, UnaryOperator<RuleConfigBuilder> rule) throws Exception {
        String node = InstalledPrograms.onPath("node").toString();
        String serverScript = InstalledPrograms.nodeScript("socketio-server.js").toString();
        Path clientScript = InstalledPrograms.nodeScript("socketio-sessions.js");

        try (StartedProgram one = StartedProgram.start(node, serverScript);
                StartedProgram other = StartedProgram.start(node, serverScript);
                StandaloneProxy proxy = StandaloneProxy.to(List.of(port(one), port(other)), rule, folder);
                StartedProgram clients = StartedProgram.start(
                        node, clientScript.toString(), proxy.http("").toString(), by, "14")) {

            assertThat(clients.exitStatus(Duration.ofSeconds(60)))
                    .as(() -> String.join("\n", clients.lines()))
                    .isZero();
            assertThat(clients.lines()).hasSize(14).contains("on " + port(one), "on " + port(other));
        }
    }

    private static int port(StartedProgram server) {
        return Integer.parseInt(server.awaitLine("listening on (\\d+)"));
    }
}
