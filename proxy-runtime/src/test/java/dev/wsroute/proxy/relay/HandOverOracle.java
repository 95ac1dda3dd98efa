// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.relay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wsroute.proxy.drain.CloseReason;
import dev.wsroute.proxy.relay.HandOverMix.End;
import dev.wsroute.proxy.relay.HandOverMix.Script;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What has to have come of a {@link HandOverMix}: every byte once and in order; where a side reset, the first of them; and
 * the end that {@link TunnelEnding} has for it.
 */
final class HandOverOracle {

    private final HandOverMix mix;
    private final ScriptedPeer client;
    private final @Nullable ScriptedPeer backend;

    HandOverOracle(HandOverMix mix, ScriptedPeer client, @Nullable ScriptedPeer backend) {
        this.mix = mix;
        this.client = client;
        this.backend = backend;
    }

    void check() {
        ScriptedPeer behind = backend;
        if (!client.headComplete() || behind == null) {
            assertThat(mayHaveGoneBefore() || mix.client().end() == End.RST)
                    .as("the client is answered")
                    .isTrue();
            if (behind != null) {
                isPrefix("client to backend", behind.received().bytes(), client.said());
            }
            return;
        }
        if (mix.backendEndsInHead() >= 0) {
            assertThat(client.head()).startsWith("HTTP/1.1 502 ");
            return;
        }
        assertThat(client.head()).startsWith("HTTP/1.1 101 ");
        checkBytes(behind);
        checkEnds(behind);
    }

    /** A client that ends before its 101 is taken for gone, unless it has said something that has to be passed on. */
    private boolean mayHaveGoneBefore() {
        Script script = mix.client();
        return script.endsBeforeAnswer() && (script.end() == End.RST || script.end() == End.FIN && script.early() == 0);
    }

    private boolean nobodyResets() {
        return mix.client().end() != End.RST && mix.backend().end() != End.RST;
    }

    private boolean backendVanishes() {
        return mix.backend().end() == End.FIN || mix.backend().end() == End.RST;
    }

    /** The backend ended within a frame that has begun to be passed on. */
    private boolean backendEndsInFrame() {
        Script script = mix.backend();
        return !script.whole() && script.passable() == script.frames().length;
    }

    private boolean proxyClosed() {
        return client.received().closeCode() == CloseReason.BACKEND_VANISHED.code();
    }

    private void checkBytes(ScriptedPeer behind) {
        byte[] up = behind.received().bytes();
        byte[] down = client.received().bytes();
        assertThat(client.received().goesOnAfterClose()).as("bytes after Close").isFalse();
        assertThat(behind.received().goesOnAfterClose()).as("bytes after Close").isFalse();
        if (proxyClosed()) {
            assertThat(backendVanishes()).as("the backend vanished").isTrue();
            down = Arrays.copyOf(down, client.received().closeAt());
        }
        isPrefix("client to backend", up, client.said());
        isPrefix("backend to client", down, behind.said());
        if (nobodyResets() && mix.backend().end() != End.FIN) {
            assertThat(up.length).as("all of the client's bytes").isEqualTo(passable(mix.client(), client));
        }
        if (nobodyResets() && !client.wasReset()) {
            assertThat(down.length).as("all of the backend's bytes").isEqualTo(passable(mix.backend(), behind));
        }
    }

    private static int passable(Script script, ScriptedPeer peer) {
        return script.whole() ? peer.said().length : script.passable();
    }

    private void checkEnds(ScriptedPeer behind) {
        End clientEnd = mix.client().end();
        End backendEnd = mix.backend().end();
        if (clientEnd != End.RST && backendEnd == End.FIN && clientEnd == End.WAIT && !backendEndsInFrame()) {
            assertThat(proxyClosed()).as("Close 1012 to the client").isTrue();
        }
        if (clientEnd == End.WAIT && backendEnd == End.RST) {
            assertThat(client.wasReset() || client.received().closeAt() >= 0)
                    .as("the client hears of the reset")
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
