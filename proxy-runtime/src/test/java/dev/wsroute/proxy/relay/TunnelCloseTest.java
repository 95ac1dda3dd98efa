// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.wsroute.proxy.drain.CloseReason;
import dev.wsroute.proxy.metrics.TunnelOutcome;
import dev.wsroute.proxy.testkit.Frame;
import dev.wsroute.proxy.testkit.ProxyTest;
import dev.wsroute.proxy.testkit.RawBackend;
import dev.wsroute.proxy.testkit.RawPeer;
import dev.wsroute.proxy.testkit.TestProxy;
import dev.wsroute.proxy.testkit.TestProxyOptions;
import org.junit.jupiter.api.Test;

class TunnelCloseTest extends ProxyTest {

    private TestProxy proxy;
    private RawPeer client;
    private RawPeer backend;

    private void tunnel() throws Exception {
        tunnel(TestProxy.options());
    }

    private void tunnel(TestProxyOptions options) throws Exception {
        RawBackend server = open(RawBackend.start());
        proxy = open(options.to(server.address()).start());
        TestProxy.Pair pair = open(proxy.open(server));
        client = pair.client();
        backend = pair.backend();
    }

    private void assertEverythingReleased() {
        await().untilAsserted(() -> {
            assertThat(proxy.connections().size()).isZero();
            assertThat(proxy.endpoints().openLeases()).isZero();
            assertThat(proxy.server().clientConnections()).isZero();
        });
    }

    @Test
    void aCloseOfTheClientAndItsAnswerPassUnchanged() throws Exception {
        tunnel();

        client.send(Frame.close(1000, "done", true));
        Frame atBackend = backend.readFrame();
        backend.send(Frame.close(1000, "done too", false));
        Frame atClient = client.readFrame();

        assertThat(atBackend.closePhrase()).isEqualTo("done");
        assertThat(atClient.closePhrase()).isEqualTo("done too");
        assertThat(client.atEnd()).isTrue();
        assertThat(backend.atEnd()).isTrue();
        client.close();
        backend.close();
        assertEverythingReleased();
        var logged = proxy.nextLogged();
        assertThat(logged.status()).isEqualTo(101);
        assertThat(logged.tunnel().end()).isEqualTo(TunnelOutcome.CLIENT_CLOSED);
        assertThat(logged.tunnel().closeCode()).isEqualTo(1000);
    }

    @Test
    void aCloseOfTheBackendAndTheEndOfItsStreamPassUnchanged() throws Exception {
        tunnel();

        backend.send(Frame.close(4002, "kicked", false));
        backend.close();

        assertThat(client.readFrame().closeCode()).isEqualTo(4002);
        assertThat(client.atEnd()).isTrue();
        client.close();
        assertEverythingReleased();
        assertThat(proxy.nextLogged().tunnel()).satisfies(tunnel -> {
            assertThat(tunnel.end()).isEqualTo(TunnelOutcome.BACKEND_CLOSED);
            assertThat(tunnel.closingNanos()).isPositive();
        });
    }

    @Test
    void ifTheBackendDoesNotAnswerTheClientsCloseTheClientSeesTheEndOfTheStream() throws Exception {
        tunnel();
        client.send(Frame.close(1000, "", true));
        assertThat(backend.readFrame().isClose()).isTrue();

        backend.close();

        assertThat(client.atEnd()).isTrue();
        client.close();
        assertEverythingReleased();
    }

    @Test
    void aMalformedFrameOfTheClientClosesBothSidesWith1002() throws Exception {
        tunnel();

        client.send(Frame.text("good", true));
        client.send(Frame.text("not masked", false));

        assertThat(backend.readFrame().text()).isEqualTo("good");
        assertThat(backend.readFrame().closeCode()).isEqualTo(1002);
        assertThat(client.readFrame().closeCode()).isEqualTo(1002);
        assertThat(client.atEnd()).isTrue();
        backend.send(Frame.close(1002, "", false));
        assertThat(backend.atEnd()).isTrue();
        client.close();
        backend.close();
        assertEverythingReleased();
        assertThat(proxy.nextLogged().tunnel().closeReason()).isEqualTo(CloseReason.PROTOCOL_ERROR);
    }

    @Test
    void aMalformedFrameOfTheBackendClosesBothSidesWith1002() throws Exception {
        tunnel();

        backend.send(Frame.encode(0xf1, new byte[3], false));

        assertThat(client.readFrame().closeCode()).isEqualTo(1002);
        assertThat(backend.readFrame().closeCode()).isEqualTo(1002);
        assertThat(backend.atEnd()).isTrue();
    }

    @Test
    void nothingIsForwardedAfterAPeersClose() throws Exception {
        tunnel();

        client.send(Frame.close(1000, "", true));
        client.send(Frame.text("after close", true));
        assertThat(backend.readFrame().isClose()).isTrue();

        assertThat(backend.hearsNothingFor(100)).isTrue();
    }
}
