// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.relay;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.wsroute.config.ConnectionRules;
import dev.wsroute.config.RuleConfig.Timeouts;
import dev.wsroute.proxy.metrics.TunnelOutcome;
import dev.wsroute.proxy.testkit.Frame;
import dev.wsroute.proxy.testkit.ProxyTest;
import dev.wsroute.proxy.testkit.RawBackend;
import dev.wsroute.proxy.testkit.RawPeer;
import dev.wsroute.proxy.testkit.TestProxy;
import dev.wsroute.proxy.testkit.TestProxyOptions;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The proxy's own Pings to silent clients (RFC 6455 §5.5.2 and §5.5.3). */
@Tag("slow")
class PingTest extends ProxyTest {

    /** So long that a slow machine answers in time. */
    private static final Duration INTERVAL = Duration.ofSeconds(2);

    private TestProxy proxy;
    private RawPeer client;
    private RawPeer backend;

    private void tunnel() throws Exception {
        tunnel(TestProxy.options());
    }

    private void tunnel(TestProxyOptions options) throws Exception {
        RawBackend server = open(RawBackend.start());
        proxy = open(options.to(server.address())
                .rules(new ConnectionRules(null, null, 10, INTERVAL))
                .start());
        TestProxy.Pair pair = open(proxy.open(server));
        client = pair.client();
        backend = pair.backend();
    }

    private Frame ping() throws Exception {
        Frame ping = client.readFrame();
        assertThat(ping.first()).isEqualTo(Frame.PING);
        assertThat(ping.masked()).isFalse();
        assertThat(ping.payload()).hasSize(8);
        return ping;
    }

    @Test
    void aSilentClientIsPingedRepeatedlyAndOnlyItsMatchingPongsAreDropped() throws Exception {
        tunnel();

        Frame first = ping();
        client.send(Frame.encode(Frame.PONG, first.payload(), true));
        Frame second = ping();
        client.send(Frame.encode(Frame.PONG, second.payload(), true));
        byte[] unasked = Frame.encode(Frame.PONG, new byte[8], true);
        byte[] again = Frame.encode(Frame.PONG, second.payload(), true);
        client.send(unasked).send(again).send(Frame.text("data", true));

        assertThat(second.payload()).isNotEqualTo(first.payload());
        assertThat(backend.read(unasked.length)).isEqualTo(unasked);
        assertThat(backend.read(again.length)).isEqualTo(again);
        assertThat(backend.readFrame().text()).isEqualTo("data");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 5, 6, 7, 13, 14})
    void theMatchingPongIsDroppedWhereverItIsSplit(int cut) throws Exception {
        tunnel();
        byte[] before = Frame.encode(0x01, "be".getBytes(UTF_8), true);
        byte[] after = Frame.encode(0x80, "fore".getBytes(UTF_8), true);
        byte[] answer = Frame.encode(Frame.PONG, ping().payload(), true);

        client.send(concat(before, Arrays.copyOf(answer, cut)));
        assertThat(backend.read(before.length)).isEqualTo(before);
        client.send(concat(Arrays.copyOfRange(answer, cut, answer.length), after));

        assertThat(backend.read(after.length)).isEqualTo(after);
    }

    @Test
    void anotherPongOfEightBytesPasses() throws Exception {
        tunnel();
        ping();
        byte[] other = otherPongAndText();

        client.send(other);

        assertThat(backend.read(other.length)).isEqualTo(other);
        assertRelays();
    }

    @Test
    void anotherPongOfEightBytesPassesInPieces() throws Exception {
        tunnel();
        ping();
        byte[] other = otherPongAndText();

        for (byte b : other) {
            client.send(new byte[] {b});
        }

        assertThat(backend.read(other.length)).isEqualTo(other);
        assertRelays();
    }

    private static byte[] otherPongAndText() {
        byte[] pong = Frame.encode(Frame.PONG, "12345678".getBytes(UTF_8), true);
        byte[] text = Frame.encode(Frame.TEXT, "after it".getBytes(UTF_8), true);
        byte[] both = Arrays.copyOf(pong, pong.length + text.length);
        System.arraycopy(text, 0, both, pong.length, text.length);
        return both;
    }

    /** Frames are still tracked: first the backend's Close passes, then the client's. */
    private void assertRelays() throws Exception {
        byte[] close = Frame.encode(Frame.CLOSE, new byte[] {3, (byte) 0xe8}, true);
        client.send(close);
        assertThat(backend.read(close.length)).isEqualTo(close);
        byte[] answer = Frame.encode(Frame.CLOSE, new byte[] {3, (byte) 0xe8}, false);
        backend.send(answer);
        assertThat(client.read(answer.length)).isEqualTo(answer);
        assertThat(client.readToEnd()).isEmpty();
    }

    @Test
    void aClientThatSendsNothingAfterAPingIsResetAndItsBackendSeesTheEnd() throws Exception {
        tunnel();

        ping();

        assertThat(client.isReset()).isTrue();
        assertThat(backend.atEnd()).isTrue();
        backend.close();
        assertThat(proxy.nextLogged().tunnel().end()).isEqualTo(TunnelOutcome.RESET_CLIENT_SILENT);
    }

    @Test
    void anyByteOfTheClientCountsAsALifeSign() throws Exception {
        tunnel();
        byte[] frame = Frame.encode(Frame.BINARY, new byte[100], true);

        // Each byte arrives before the interval has passed, so no Ping is sent.
        for (int i = 0; i < 8; i++) {
            client.send(frame, i, 1);
            assertThat(client.hearsNothingFor(500)).isTrue();
        }
    }

    @Test
    void theProxySendsNoPingWhileABackendPingIsUnanswered() throws Exception {
        tunnel();
        await().pollDelay(Duration.ofMillis(1400)).until(() -> true);
        byte[] theirs = Frame.encode(Frame.PING, "backend".getBytes(UTF_8), false);
        backend.send(theirs);
        assertThat(client.read(theirs.length)).isEqualTo(theirs);

        // The proxy's Ping would be due in 600 ms. The backend's Ping delays it by an interval.
        assertThat(client.hearsNothingFor(1200)).isTrue();
        byte[] pong = Frame.encode(Frame.PONG, "backend".getBytes(UTF_8), true);
        client.send(pong);

        assertThat(backend.read(pong.length)).isEqualTo(pong);
        ping();
    }

    @Test
    void thePingWaitsForTheEndOfTheCurrentFrame() throws Exception {
        tunnel();
        byte[] frame = Frame.encode(0x02, new byte[50], false);
        backend.send(frame, 0, 30);
        assertThat(client.read(30)).isEqualTo(Arrays.copyOf(frame, 30));

        assertThat(client.hearsNothingFor(2700)).isTrue();
        byte[] last = Frame.encode(0x80, new byte[5], false);
        backend.send(concat(Arrays.copyOfRange(frame, 30, 52), last));

        client.read(22);
        Frame ping = ping();
        assertThat(client.read(last.length)).isEqualTo(last);
        client.send(Frame.encode(Frame.PONG, ping.payload(), true));
        assertThat(backend.hearsNothingFor(300)).isTrue();
    }

    @Test
    void answersToTheProxysPingsDoNotKeepAnIdleTunnelOpen() throws Exception {
        tunnel(TestProxy.options()
                .timeouts(new Timeouts(
                        Duration.ofSeconds(5), Duration.ofSeconds(5), Duration.ofSeconds(4), Duration.ofSeconds(60))));

        client.send(Frame.encode(Frame.PONG, ping().payload(), true));

        assertThat(client.readFrame().closePhrase()).isEqualTo("idle");
    }

    private static byte[] concat(byte[] first, byte[] second) {
        byte[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }
}
