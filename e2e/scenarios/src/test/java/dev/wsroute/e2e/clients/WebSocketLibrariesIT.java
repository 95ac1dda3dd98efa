// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.clients;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wsroute.e2e.dev.Repository;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Python's {@code websockets} and Node's {@code ws}, which both offer compression. Both scripts have the same conversation and
 * print the same lines.
 */
class WebSocketLibrariesIT extends BothSchemesFixture {

    private static final Duration LIMIT = Duration.ofMinutes(1);

    @ParameterizedTest
    @EnumSource
    void pythonNegotiatesCompressionAndSubprotocolAndClosesBothWays(Scheme scheme) throws Exception {
        converses("python", python(), scheme);
    }

    @ParameterizedTest
    @EnumSource
    void nodeNegotiatesCompressionAndSubprotocolAndClosesBothWays(Scheme scheme) throws Exception {
        converses("node", node(), scheme);
    }

    @Test
    void pythonRefusesTheCertificateOfACaThatItDoesNotKnow() throws Exception {
        assertThat(refusal(python())).contains("certificate verify failed: unable to get local issuer certificate");
    }

    @Test
    void nodeRefusesTheCertificateOfACaThatItDoesNotKnow() throws Exception {
        assertThat(refusal(node())).contains("unable to verify the first certificate");
    }

    private static List<String> python() throws Exception {
        return List.of(
                InstalledPrograms.pythonWithWebsockets(),
                Repository.locate()
                        .get("e2e/scenarios/clients/websockets-client.py")
                        .toString());
    }

    private static List<String> node() {
        return List.of(
                InstalledPrograms.onPath("node").toString(),
                InstalledPrograms.nodeScript("ws-client.js").toString());
    }

    private void converses(String name, List<String> program, Scheme scheme) throws Exception {
        String path = "/ws/" + name + "/" + scheme;

        try (StartedProgram client = start(authority.environment(), program, scheme, path)) {
            assertThat(client.exitStatus(LIMIT))
                    .as(() -> String.join("\n", client.lines()))
                    .isZero();
            assertThat(client.lines())
                    .containsExactly(
                            "subprotocol chat.v2",
                            "extensions permessage-deflate",
                            "text of 1: True",
                            "binary of 1: True",
                            "text of 65536: True",
                            "binary of 65536: True",
                            "text of 1048576: True",
                            "binary of 1048576: True",
                            "pong",
                            "closed 1000 bye",
                            "closed 4001 enough");
            assertThat(backend.closeFrame(path).get(1, TimeUnit.MINUTES)).isEqualTo("1000 bye");
        }
    }

    /** The last line that a client prints which does not trust the test's CA. */
    private String refusal(List<String> program) throws Exception {
        try (StartedProgram client = start(Map.of(), program, Scheme.WSS, "/ws")) {
            assertThat(client.exitStatus(LIMIT)).isEqualTo(1);
            return client.lines().get(client.lines().size() - 1);
        }
    }

    private StartedProgram start(Map<String, String> environment, List<String> program, Scheme scheme, String path)
            throws Exception {
        return new StartedProgram(
                environment,
                List.of(program.get(0), program.get(1), proxy.ws(scheme, path).toString()));
    }
}
