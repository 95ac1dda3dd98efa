// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.wsroute.config.RuleConfig.Timeouts;
import dev.wsroute.proxy.testkit.RawPeer;
import dev.wsroute.proxy.testkit.TestProxy;
import dev.wsroute.proxy.tls.TlsBackend;
import dev.wsroute.proxy.tls.TlsFixture;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Handshakes with backends that fail or are given up. */
class BackendTlsHandshakeTest extends BackendTlsFixture {

    @Test
    void aBackendThatDoesNotSpeakTlsIs502() throws Exception {
        TestProxy proxy = start(tls);
        try (RawPeer client = proxy.connect()) {
            client.send(TestProxy.handshake());
            RawPeer behind = backend.acceptPlain();
            behind.send("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n");

            assertThat(client.readHead()).startsWith("HTTP/1.1 502 ");
            assertThat(metrics.events()).contains("TLS failed service/echo:ws not_tls");
            assertThat(proxy.nextLogged().detail())
                    .isEqualTo("TLS with the backend failed: the backend does not speak TLS.");
            behind.close();
        }
    }

    @Test
    void aBackendThatDoesNotAnswerTheHelloIs504AfterTheConnectTimeout() throws Exception {
        TestProxy proxy = open(options()
                .timeouts(new Timeouts(Duration.ofMillis(200), null, null, null))
                .start());
        try (RawPeer client = proxy.connect()) {
            client.send(TestProxy.handshake());
            RawPeer behind = backend.acceptPlain();

            assertThat(client.readHead()).startsWith("HTTP/1.1 504 ");
            assertThat(metrics.events()).contains("TLS failed service/echo:ws too_slow");
            assertThat(proxy.endpoints().connectFailures()).isEqualTo(1);
            behind.close();
        }
    }

    @Test
    void aBackendThatDisconnectsInTheHandshakeIs502() throws Exception {
        TestProxy proxy = start(tls);
        try (RawPeer client = proxy.connect()) {
            client.send(TestProxy.handshake());
            backend.acceptPlain().close();

            assertThat(client.readHead()).startsWith("HTTP/1.1 502 ");
            assertThat(metrics.events()).contains("TLS failed service/echo:ws disconnected");
        }
    }

    @Test
    void aBackendThatOnlyEndsItsOutputInTheHandshakeIs502() throws Exception {
        TestProxy proxy = start(tls);
        try (RawPeer client = proxy.connect()) {
            client.send(TestProxy.handshake());
            RawPeer behind = backend.acceptPlain();
            behind.endOutput();

            assertThat(client.readHead()).startsWith("HTTP/1.1 502 ");
            assertThat(metrics.events()).contains("TLS failed service/echo:ws disconnected");
            behind.close();
        }
    }

    @Test
    void aHostNameThatTheEngineRefusesIs502AndTakesNoMemory() throws Exception {
        TlsBackend unusable = TlsFixture.backend("chat_ws.apps.svc", CA, null);
        TestProxy proxy = start(unusable);
        try (RawPeer client = proxy.connect()) {
            client.send(TestProxy.handshake());

            assertThat(client.readHead()).startsWith("HTTP/1.1 502 ");
            assertThat(metrics.events()).contains("TLS failed service/echo:ws internal");
            assertThat(proxy.memory().handshakes().budget().used()).isZero();
        } finally {
            TlsFixture.release(unusable);
        }
    }

    @Test
    void aClientThatDisconnectsInTheHandshakeLeavesNothingBehind() throws Exception {
        TestProxy proxy = start(tls);
        RawPeer client = proxy.connect();
        client.send(TestProxy.handshake());
        try (RawPeer behind = backend.acceptPlain()) {
            await().until(() -> behind.readSome(new byte[4096]) > 0);

            client.reset();

            await().untilAsserted(
                            () -> assertThat(proxy.endpoints().openLeases()).isZero());
            while (behind.readSome(new byte[4096]) >= 0) {
                continue;
            }
        }
    }
}
