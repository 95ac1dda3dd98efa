// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.relay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wsroute.proxy.drain.CloseReason;
import dev.wsroute.proxy.relay.HandoverScenario.End;
import dev.wsroute.proxy.relay.HandoverScenario.Script;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The expected result of a {@link HandoverScenario}: every byte once and in order, or a prefix if a side was reset; and the
 * end that {@link TunnelCloser} specifies.
 */
final class HandoverOracle {

    private final HandoverScenario scenario;
    private final ScriptedPeer client;
    private final @Nullable ScriptedPeer backend;

    HandoverOracle(HandoverScenario scenario, ScriptedPeer client, @Nullable ScriptedPeer backend) {
        this.scenario = scenario;
        this.client = client;
        this.backend = backend;
    }

    void check() {
        ScriptedPeer behind = backend;
        if (!client.headComplete() || behind == null) {
            assertThat(mayHaveGoneBefore() || scenario.client().end() == End.RST)
                    .as("the client is answered")
                    .isTrue();
            if (behind != null) {
                isPrefix("client to backend", behind.received().bytes(), client.said());
            }
            return;
        }
        if (scenario.backendEndsInHead() >= 0) {
            assertThat(client.head()).startsWith("HTTP/1.1 502 ");
            return;
        }
        assertThat(client.head()).startsWith("HTTP/1.1 101 ");
        checkBytes(behind);
        checkEnds(behind);
    }

    /** A client that ends before its 101 counts as disconnected, unless it has sent bytes to forward. */
    private boolean mayHaveGoneBefore() {
        Script script = scenario.client();
        return script.endsBeforeAnswer() && (script.end() == End.RST || script.end() == End.FIN && script.early() == 0);
    }

    private boolean nobodyResets() {
        return scenario.client().end() != End.RST && scenario.backend().end() != End.RST;
    }

    private boolean backendVanishes() {
        return scenario.backend().end() == End.FIN || scenario.backend().end() == End.RST;
    }

    /** The backend ended within a frame whose first part was forwarded. */
    private boolean backendEndsInFrame() {
        Script script = scenario.backend();
        return !script.whole() && script.passable() == script.frames().length;
    }

    private boolean proxyClosed() {
        return client.received().closeCode() == CloseReason.BACKEND_VANISHED.code();
    }

    private void checkBytes(ScriptedPeer behind) {
        byte[] up = behind.received().bytes();
        byte[] down = client.received().bytes();
        assertThat(client.received().hasBytesAfterClose())
                .as("bytes after Close")
                .isFalse();
        assertThat(behind.received().hasBytesAfterClose())
                .as("bytes after Close")
                .isFalse();
        if (proxyClosed()) {
            assertThat(backendVanishes()).as("the backend vanished").isTrue();
            down = Arrays.copyOf(down, client.received().closeAt());
        }
        isPrefix("client to backend", up, client.said());
        isPrefix("backend to client", down, behind.said());
        if (nobodyResets() && scenario.backend().end() != End.FIN) {
            assertThat(up.length).as("all of the client's bytes").isEqualTo(passable(scenario.client(), client));
        }
        if (nobodyResets() && !client.wasReset()) {
            assertThat(down.length).as("all of the backend's bytes").isEqualTo(passable(scenario.backend(), behind));
        }
    }

    private static int passable(Script script, ScriptedPeer peer) {
        return script.whole() ? peer.said().length : script.passable();
    }

    private void checkEnds(ScriptedPeer behind) {
        End clientEnd = scenario.client().end();
        End backendEnd = scenario.backend().end();
        if (clientEnd != End.RST && backendEnd == End.FIN && clientEnd == End.WAIT && !backendEndsInFrame()) {
            assertThat(proxyClosed()).as("Close 1012 to the client").isTrue();
        }
        if (clientEnd == End.WAIT && backendEnd == End.RST) {
            assertThat(client.wasReset() || client.received().closeAt() >= 0)
                    .as("the reset reaches the client")
                    .isTrue();
        }
        if (clientEnd == End.RST && backendEnd == End.WAIT && !mayHaveGoneBefore()) {
            assertThat(behind.wasReset())
                    .as("the client's reset reaches the backend")
                    .isEqualTo(behind.received().closeAt() < 0);
        }
        if (nobodyResets() && !(backendEnd == End.FIN && backendEndsInFrame())) {
            assertThat(client.wasReset()).as("the client is reset").isFalse();
            assertThat(behind.wasReset()).as("the backend is reset").isFalse();
        }
    }

    private static void isPrefix(String direction, byte[] received, byte[] said) {
        int difference = Arrays.mismatch(received, said);
        assertThat(difference < 0 || difference == received.length)
                .as(
                        "%s: %d bytes received of %d, the first other one at %d",
                        direction, received.length, said.length, difference)
                .isTrue();
    }
}
