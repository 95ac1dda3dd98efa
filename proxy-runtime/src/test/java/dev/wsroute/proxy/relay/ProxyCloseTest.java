// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.relay;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.wsroute.config.RuleConfig.Timeouts;
import dev.wsroute.proxy.drain.CloseReason;
import dev.wsroute.proxy.drain.LiveConnection;
import dev.wsroute.proxy.metrics.TunnelOutcome;
import dev.wsroute.proxy.testkit.Frame;
import dev.wsroute.proxy.testkit.ProxyTest;
import dev.wsroute.proxy.testkit.RawBackend;
import dev.wsroute.proxy.testkit.RawPeer;
import dev.wsroute.proxy.testkit.TestProxy;
import dev.wsroute.proxy.testkit.TestProxyOptions;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tunnels that the proxy closes. */
class ProxyCloseTest extends ProxyTest {

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

    private void close(CloseReason reason) {
        LiveConnection live = proxy.connections().matching(any -> true).get(0);
        live.close(reason);
    }

    private void assertEverythingReleased() {
        await().untilAsserted(() -> {
            assertThat(proxy.connections().size()).isZero();
            assertThat(proxy.endpoints().openLeases()).isZero();
            assertThat(proxy.server().clientConnections()).isZero();
        });
    }

    @ParameterizedTest
    @CsvSource({
        "BACKEND_LEAVING, backend leaving",
        "REBALANCED, rebalanced",
        "PROXY_REBALANCED, proxy rebalanced",
    })
    void bothSidesGetTheProxysCloseAndTheirAnswersAreDropped(CloseReason reason, String phrase) throws Exception {
        tunnel();

        close(reason);
        Frame atClient = client.readFrame();
        Frame atBackend = backend.readFrame();
        client.send(Frame.close(1012, "", true));
        backend.send(Frame.close(1012, "", false));

        assertThat(atClient.closeCode()).isEqualTo(1012);
        assertThat(atClient.closePhrase()).isEqualTo(phrase);
        assertThat(atClient.masked()).isFalse();
        assertThat(atBackend.closeCode()).isEqualTo(1012);
        assertThat(atBackend.masked()).isTrue();
        assertThat(client.atEnd()).isTrue();
        assertThat(backend.atEnd()).isTrue();
        client.close();
        backend.close();
        assertEverythingReleased();
        assertThat(proxy.nextLogged().tunnel().closeReason()).isEqualTo(reason);
    }

    @Test
    void theLogHasTheDurationOfTheClose() throws Exception {
        tunnel();

        long before = System.nanoTime();
        close(CloseReason.BACKEND_LEAVING);
        client.readFrame();
        long asked = System.nanoTime();
        assertThat(client.hearsNothingFor(50)).isTrue();
        long answered = System.nanoTime();
        client.send(Frame.close(1012, "", true));
        client.close();
        backend.close();

        assertThat(proxy.nextLogged().tunnel().closingNanos()).isBetween(answered - asked, System.nanoTime() - before);
    }

    @Test
    void theProxysCloseWaitsForTheEndOfTheCurrentFrame() throws Exception {
        tunnel();
        byte[] fromBackend = Frame.text("from backend", false);
        byte[] fromClient = Frame.text("from client", true);
        backend.send(fromBackend, 0, 6);
        client.send(fromClient, 0, 9);
        assertThat(client.read(6)).isEqualTo(Arrays.copyOf(fromBackend, 6));
        assertThat(backend.read(9)).isEqualTo(Arrays.copyOf(fromClient, 9));

        close(CloseReason.PROXY_SHUTDOWN);
        assertThat(client.hearsNothingFor(100)).isTrue();
        backend.send(fromBackend, 6, fromBackend.length - 6);
        backend.send(Frame.text("too late", false));
        client.send(fromClient, 9, fromClient.length - 9);
        client.send(Frame.text("too late", true));

        client.read(fromBackend.length - 6);
        assertThat(client.readFrame().closeCode()).isEqualTo(1001);
        backend.read(fromClient.length - 9);
        assertThat(backend.readFrame().closeCode()).isEqualTo(1001);
        client.send(Frame.close(1001, "", true));
        backend.send(Frame.close(1001, "", false));
        assertThat(client.atEnd()).isTrue();
        assertThat(backend.atEnd()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 5})
    void theProxysCloseIsNeverWrittenWithinAHeader(int headerBytes) throws Exception {
        tunnel();
        byte[] frame = Frame.text("half", true);
        client.send(frame, 0, headerBytes);
        assertThat(backend.hearsNothingFor(100)).isTrue();

        close(CloseReason.ROUTE_REMOVED);
        Frame atBackend = backend.readFrame();
        client.send(frame, headerBytes, frame.length - headerBytes);
        client.send(Frame.close(1001, "", true));
        backend.send(Frame.close(1001, "", false));

        assertThat(atBackend.closeCode()).isEqualTo(1001);
        assertThat(backend.atEnd()).isTrue();
        assertThat(client.readFrame().closeCode()).isEqualTo(1001);
        assertThat(client.atEnd()).isTrue();
    }

    @Test
    void theProxysCloseMayBeWrittenBetweenFragmentsOfAMessage() throws Exception {
        tunnel();
        backend.send(Frame.encode(0x01, "first half".getBytes(UTF_8), false));
        assertThat(client.readFrame().text()).isEqualTo("first half");

        close(CloseReason.IDLE);
        assertThat(client.readFrame().closeCode()).isEqualTo(1001);
        backend.send(Frame.encode(0x80, "second half".getBytes(UTF_8), false));

        assertThat(client.hearsNothingFor(100)).isTrue();
    }

    @Test
    void aSideThatHasReceivedACloseGetsNoSecondOne() throws Exception {
        tunnel();
        client.send(Frame.close(1000, "", true));
        assertThat(backend.readFrame().closeCode()).isEqualTo(1000);

        close(CloseReason.BACKEND_LEAVING);
        assertThat(client.readFrame().closeCode()).isEqualTo(1012);
        backend.send(Frame.close(1000, "", false));

        assertThat(backend.atEnd()).isTrue();
        assertThat(client.atEnd()).isTrue();
    }

    @Test
    void onlyTheFirstReasonToCloseCounts() throws Exception {
        tunnel();

        close(CloseReason.BACKEND_LEAVING);
        close(CloseReason.PROXY_SHUTDOWN);

        assertThat(client.readFrame().closeCode()).isEqualTo(1012);
        client.send(Frame.close(1012, "", true));
        assertThat(client.atEnd()).isTrue();
    }

    @Test
    void aSideThatDoesNotAnswerTheProxysCloseIsResetAfterTheCloseTimeout() throws Exception {
        tunnel(TestProxy.options().closeTimeout(Duration.ofMillis(200)));

        close(CloseReason.PROXY_SHUTDOWN);

        assertThat(client.isReset()).isTrue();
        assertThat(backend.isReset()).isTrue();
        assertEverythingReleased();
        assertThat(proxy.nextLogged().tunnel().end()).isEqualTo(TunnelOutcome.RESET_AFTER_CLOSE_TIMEOUT);
    }

    @Test
    void withoutAFrameBoundaryTheConnectionIsResetAfterTheCloseTimeout() throws Exception {
        tunnel(TestProxy.options().closeTimeout(Duration.ofMillis(200)));
        backend.send(Frame.header(Frame.BINARY, 1000, false));
        client.read(4);

        close(CloseReason.BACKEND_LEAVING);

        assertThat(client.isReset()).isTrue();
        assertEverythingReleased();
        assertThat(proxy.nextLogged().tunnel().end()).isEqualTo(TunnelOutcome.RESET_AFTER_CLOSE_TIMEOUT);
    }

    @Test
    void anIdleTunnelIsClosedOnlyIfTheRuleSetsALimit() throws Exception {
        tunnel(TestProxy.options()
                .timeouts(new Timeouts(
                        Duration.ofSeconds(5), Duration.ofSeconds(5), Duration.ofMillis(300), Duration.ofSeconds(60))));

        Frame atClient = client.readFrame();

        assertThat(atClient.closeCode()).isEqualTo(1001);
        assertThat(atClient.closePhrase()).isEqualTo("idle");
        assertThat(backend.readFrame().closePhrase()).isEqualTo("idle");
    }
}
