// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.wsroute.proxy.metrics.TunnelOutcome;
import dev.wsroute.proxy.testkit.Frame;
import dev.wsroute.proxy.testkit.ProxyTest;
import dev.wsroute.proxy.testkit.RawBackend;
import dev.wsroute.proxy.testkit.RawPeer;
import dev.wsroute.proxy.testkit.TestProxy;
import dev.wsroute.proxy.testkit.TestProxyOptions;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Tunnels whose client or backend disconnects without Close. */
class DisconnectTest extends ProxyTest {

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
    void aBackendThatDisconnectsClosesTheClientWith1012() throws Exception {
        tunnel();
        backend.send(Frame.text("last words", false));
        assertThat(client.readFrame().text()).isEqualTo("last words");

        backend.close();
        Frame close = client.readFrame();
        client.send(Frame.close(1012, "", true));

        assertThat(close.closeCode()).isEqualTo(1012);
        assertThat(close.closePhrase()).isEqualTo("backend vanished");
        assertThat(client.atEnd()).isTrue();
        client.close();
        assertEverythingReleased();
        assertThat(proxy.nextLogged().tunnel().end()).isEqualTo(TunnelOutcome.BACKEND_VANISHED);
    }

    @Test
    void aBackendThatResetsClosesTheClientWith1012() throws Exception {
        tunnel();

        backend.reset();

        assertThat(client.readFrame().closeCode()).isEqualTo(1012);
        client.send(Frame.close(1012, "", true));
        assertThat(client.atEnd()).isTrue();
        client.close();
        assertEverythingReleased();
    }

    @Test
    void aBackendThatDisconnectsWithinAHeaderClosesTheClientWith1012() throws Exception {
        tunnel();

        backend.send(Frame.header(Frame.BINARY, 1000, false), 0, 3);
        backend.close();

        assertThat(client.readFrame().closeCode()).isEqualTo(1012);
    }

    @Test
    void aBackendThatDisconnectsWithinAFrameResetsTheClient() throws Exception {
        tunnel();
        backend.send(Frame.header(Frame.BINARY, 1000, false));
        client.read(4);

        backend.close();

        assertThat(client.isReset()).isTrue();
        assertEverythingReleased();
        assertThat(proxy.nextLogged().tunnel().end()).isEqualTo(TunnelOutcome.RESET_MID_FRAME);
    }

    @Test
    void aClientThatDisconnectsWithoutCloseEndsTheStreamOfItsBackend() throws Exception {
        tunnel();
        client.send(Frame.text("last words", true));

        client.close();

        assertThat(backend.readFrame().text()).isEqualTo("last words");
        assertThat(backend.atEnd()).isTrue();
        backend.close();
        assertEverythingReleased();
        assertThat(proxy.nextLogged().tunnel().end()).isEqualTo(TunnelOutcome.CLIENT_GONE);
    }

    @Test
    void aClientThatEndsItsOutputStillReceivesFromItsBackend() throws Exception {
        tunnel();

        client.endOutput();
        assertThat(backend.atEnd()).isTrue();
        backend.send(Frame.text("one more", false));

        assertThat(client.readFrame().text()).isEqualTo("one more");
    }

    @Test
    void aHalfOpenTunnelIsClosedAfterTheCloseTimeout() throws Exception {
        tunnel(TestProxy.options().closeTimeout(Duration.ofMillis(200)));

        client.endOutput();

        assertThat(backend.atEnd()).isTrue();
        assertThat(client.isReset()).isTrue();
        assertEverythingReleased();
        assertThat(proxy.nextLogged().tunnel().end()).isEqualTo(TunnelOutcome.CLIENT_GONE);
    }

    @Test
    void aClientThatResetsResetsItsBackend() throws Exception {
        tunnel();

        client.reset();

        assertThat(backend.isReset()).isTrue();
        assertEverythingReleased();
    }
}
