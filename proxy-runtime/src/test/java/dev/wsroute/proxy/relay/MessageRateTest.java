// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.wsroute.config.ConnectionRules;
import dev.wsroute.config.ConnectionRules.RateAction;
import dev.wsroute.config.RuleConfig.Timeouts;
import dev.wsroute.proxy.drain.CloseReason;
import dev.wsroute.proxy.metrics.TunnelOutcome;
import dev.wsroute.proxy.testkit.Frame;
import dev.wsroute.proxy.testkit.ProxyTest;
import dev.wsroute.proxy.testkit.RawBackend;
import dev.wsroute.proxy.testkit.RawPeer;
import dev.wsroute.proxy.testkit.RecordingMetrics;
import dev.wsroute.proxy.testkit.TestProxy;
import dev.wsroute.proxy.testkit.TestProxyOptions;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A rule's {@code messagesPerSecond} and {@code bytesPerSecond}. */
@Tag("slow")
class MessageRateTest extends ProxyTest {

    /** With the burst of a second, the rest of what a test sends takes longer than the tests wait. */
    private static final int SLOW = 1;

    private final RecordingMetrics metrics = new RecordingMetrics();
    private TestProxy proxy;
    private RawBackend server;
    private RawPeer client;
    private RawPeer backend;

    private static ConnectionRules rules(
            @Nullable Integer messages,
            @Nullable Integer messagesBurst,
            @Nullable Long bytes,
            @Nullable Long bytesBurst,
            @Nullable RateAction action) {
        ConnectionRules none = ConnectionRules.DEFAULT;
        return new ConnectionRules(
                none.connectRetries(),
                null,
                null,
                none.maxAgeJitterPercent(),
                null,
                messages,
                messagesBurst,
                bytes,
                bytesBurst,
                action);
    }

    private static ConnectionRules messages(int perSecond, int burst) {
        return rules(perSecond, burst, null, null, null);
    }

    private static ConnectionRules bytes(long perSecond, long burst) {
        return rules(null, null, perSecond, burst, null);
    }

    private void tunnel(ConnectionRules rules) throws Exception {
        tunnel(TestProxy.options().rules(rules));
    }

    private void tunnel(TestProxyOptions options) throws Exception {
        server = open(RawBackend.start());
        proxy = open(options.metrics(metrics).to(server.address()).start());
        TestProxy.Pair pair = open(proxy.open(server));
        client = pair.client();
        backend = pair.backend();
    }

    private static byte[] message(int number) {
        return Frame.text("message " + number, true);
    }

    private static byte[] messages(int number) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (int i = 0; i < number; i++) {
            all.writeBytes(message(i));
        }
        return all.toByteArray();
    }

    /** Reads them at the backend. */
    private void receive(int first, int end) throws IOException {
        for (int i = first; i < end; i++) {
            assertThat(backend.readFrame().text()).isEqualTo("message " + i);
        }
    }

    private static double secondsSince(long nanoTime) {
        return (System.nanoTime() - nanoTime) / 1e9;
    }

    @Test
    void messagesBeyondTheBurstComeAtTheRateEvenlyAndNoneIsLost() throws Exception {
        tunnel(messages(50, 20));
        long start = System.nanoTime();
        client.send(messages(120));
        double longest = 0;

        receive(0, 20);
        double before = secondsSince(start);
        for (int i = 20; i < 120; i++) {
            receive(i, i + 1);
            double now = secondsSince(start);
            longest = Math.max(longest, now - before);
            before = now;
        }

        assertThat(before).as("seconds for 100 messages").isGreaterThan(1.9);
        assertThat(longest).as("longest pause in seconds").isLessThan(1);
        assertThat(metrics.events()).containsOnlyOnce("rate exceeded Pause").doesNotContain("paused CLIENT_TO_BACKEND");
    }

    @Test
    void whoKeepsToTheRateDoesNotWait() throws Exception {
        tunnel(messages(10_000, 10_000));
        client.send(messages(5_000));

        receive(0, 5_000);

        assertThat(metrics.events()).doesNotContain("rate exceeded Pause");
    }

    @Test
    void oneHugeFramePassesAtTheRateInSmallPieces() throws Exception {
        tunnel(bytes(500_000, 1000));
        byte[] frame = Frame.encode(Frame.BINARY, new byte[1 << 20], true);
        CompletableFuture<Void> sending = CompletableFuture.runAsync(() -> send(frame));
        long start = System.nanoTime();

        assertThat(backend.read(frame.length)).isEqualTo(frame);

        sending.get(1, TimeUnit.MINUTES);
        assertThat(secondsSince(start)).isGreaterThan(1.9);
        client.send(message(7));
        receive(7, 8);
    }

    private void send(byte[] bytes) {
        try {
            client.send(bytes);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aClientThatIsNotReadIsHeldBackByItsTcpConnection() throws Exception {
        tunnel(bytes(1000, 1000));
        byte[] frame = Frame.encode(Frame.BINARY, new byte[64 << 20], true);
        CompletableFuture<Void> sending = CompletableFuture.runAsync(() -> {
            try {
                client.send(frame);
            } catch (IOException closed) {
                // The test has ended.
            }
        });
        byte[] head = backend.read(3000);

        assertThat(head).isEqualTo(Arrays.copyOf(frame, 3000));
        assertThat(sending).isNotDone();
        client.reset();
        sending.get(1, TimeUnit.MINUTES);
    }

    @Test
    void fragmentsOfAMessageCountOnceAndControlFramesDoNotCount() throws Exception {
        tunnel(messages(SLOW, 2));
        byte[] first = Frame.encode(0x01, new byte[10], true);
        byte[] next = Frame.encode(0x00, new byte[10], true);
        byte[] ping = Frame.encode(Frame.PING, new byte[3], true);
        byte[] last = Frame.encode(0x80, new byte[10], true);
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes(message(0));
        all.writeBytes(first);
        for (int i = 0; i < 50; i++) {
            all.writeBytes(next);
            all.writeBytes(ping);
        }
        all.writeBytes(last);
        client.send(all.toByteArray());

        assertThat(backend.read(all.size())).isEqualTo(all.toByteArray());
        assertThat(metrics.events()).doesNotContain("rate exceeded Pause");

        client.send(message(1)).send(message(2));
        receive(1, 3);
        assertThat(metrics.events()).containsOnlyOnce("rate exceeded Pause");
    }

    @Test
    void bytesCountAsTheyAreOnTheWire() throws Exception {
        server = open(RawBackend.start());
        proxy = open(TestProxy.options()
                .rules(bytes(SLOW, 1000))
                .metrics(metrics)
                .to(server.address())
                .start());
        TestProxy.Pair pair = open(proxy.open(server, "Sec-WebSocket-Extensions: permessage-deflate"));
        byte[] compressed = Frame.encode(0xc1, new byte[900], true);
        pair.client().send(compressed);

        assertThat(pair.backend().read(compressed.length)).isEqualTo(compressed);
        assertThat(metrics.events()).doesNotContain("rate exceeded Pause");

        pair.client().send(compressed);
        int rest = 1000 - compressed.length;
        assertThat(pair.backend().read(rest)).isEqualTo(Arrays.copyOf(compressed, rest));
        await().until(() -> metrics.events().contains("rate exceeded Pause"));
    }

    @Test
    void theBackendIsNotLimited() throws Exception {
        tunnel(rules(1, 1, 100L, 100L, null));
        client.send(messages(100));
        receive(0, 1);
        byte[] large = Frame.encode(Frame.BINARY, new byte[1 << 20], false);
        CompletableFuture<Void> sending = CompletableFuture.runAsync(() -> {
            try {
                backend.send(large);
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        });

        assertThat(client.read(large.length)).isEqualTo(large);
        sending.get(1, TimeUnit.MINUTES);
    }

    @ParameterizedTest
    @EnumSource(
            value = CloseReason.class,
            names = {"PROXY_SHUTDOWN", "BACKEND_LEAVING"})
    void theClosingHandshakeOfTheProxyDoesNotWait(CloseReason reason) throws Exception {
        tunnel(TestProxy.options().rules(messages(SLOW, 1)).closeTimeout(Duration.ofMinutes(5)));
        client.send(messages(20_000));
        receive(0, 1);
        await().until(() -> metrics.events().contains("rate exceeded Pause"));

        proxy.connections().matching(any -> true).forEach(connection -> connection.close(reason));

        assertThat(client.readFrame().closeCode()).isEqualTo(reason.code());
        client.send(Frame.close(reason.code(), "", true));
        assertThat(client.atEnd()).isTrue();
        Frame atBackend = backend.readFrame();
        while (!atBackend.isClose()) {
            atBackend = backend.readFrame();
        }
        assertThat(atBackend.closeCode()).isEqualTo(reason.code());
        backend.send(Frame.close(reason.code(), "", false));
        client.close();
        backend.close();
        assertThat(proxy.nextLogged().tunnel().end()).isEqualTo(TunnelOutcome.PROXY_CLOSED);
    }

    @Test
    void aCloseWithinAFrameIsSentAfterTheRestOfTheFrameWhichDoesNotWait() throws Exception {
        tunnel(TestProxy.options().rules(bytes(SLOW, 1000)).closeTimeout(Duration.ofMinutes(5)));
        byte[] frame = Frame.encode(Frame.BINARY, new byte[100_000], true);
        client.send(frame).send(message(1));
        assertThat(backend.read(1000)).isEqualTo(Arrays.copyOf(frame, 1000));

        proxy.connections().matching(any -> true).forEach(connection -> connection.close(CloseReason.MAX_AGE));

        assertThat(client.readFrame().closeCode()).isEqualTo(1012);
        assertThat(backend.read(frame.length - 1000)).isEqualTo(Arrays.copyOfRange(frame, 1000, frame.length));
        assertThat(backend.readFrame().closeCode()).isEqualTo(1012);
    }

    @Test
    void afterTheBackendsCloseTheClientsAnswerDoesNotWait() throws Exception {
        tunnel(messages(SLOW, 1));
        client.send(messages(1000));
        receive(0, 1);

        backend.send(Frame.close(4321, "enough", false));

        assertThat(client.readFrame().closeCode()).isEqualTo(4321);
        client.send(Frame.close(4321, "", true));
        receive(1, 1000);
        assertThat(backend.readFrame().closeCode()).isEqualTo(4321);
    }

    @Test
    void aClientsCloseFollowsItsMessages() throws Exception {
        tunnel(messages(50, 1));
        client.send(messages(30)).send(Frame.close(1000, "", true));

        receive(0, 30);
        assertThat(backend.readFrame().closeCode()).isEqualTo(1000);
    }

    @Test
    void theEndOfTheClientFollowsItsMessages() throws Exception {
        tunnel(messages(50, 1));
        client.send(messages(30));
        client.sendCloseNotify();

        receive(0, 30);
        assertThat(backend.atEnd()).isTrue();
        backend.close();
        assertThat(client.atEnd()).isTrue();
    }

    @Test
    void aClientThatHasToWaitIsNeitherIdleNorSilent() throws Exception {
        Timeouts none = Timeouts.DEFAULT;
        ConnectionRules slow = messages(SLOW, 1);
        tunnel(TestProxy.options()
                .timeouts(new Timeouts(none.connect(), none.upgrade(), Duration.ofMillis(500), none.writeStall()))
                .rules(new ConnectionRules(
                        slow.connectRetries(),
                        null,
                        null,
                        slow.maxAgeJitterPercent(),
                        new ConnectionRules.Ping(Duration.ofMillis(250)),
                        slow.messagesPerSecond(),
                        slow.messagesBurst(),
                        null,
                        null,
                        null)));
        client.send(messages(4));

        receive(0, 4);
    }

    @Test
    void whoExceedsTheMessagesIsClosedWith1008BeforeTheMessage() throws Exception {
        tunnel(rules(SLOW, 3, null, null, RateAction.Close));
        client.send(messages(5));

        receive(0, 3);
        isClosedWith1008();
    }

    @Test
    void whoExceedsTheBytesIsClosedWith1008AfterTheFrame() throws Exception {
        tunnel(rules(null, null, 1000L, 1000L, RateAction.Close));
        byte[] frame = Frame.encode(Frame.BINARY, new byte[1500], true);
        client.send(frame).send(message(1));

        assertThat(backend.read(frame.length)).isEqualTo(frame);
        isClosedWith1008();
    }

    private void isClosedWith1008() throws Exception {
        Frame atBackend = backend.readFrame();
        Frame atClient = client.readFrame();
        assertThat(atBackend.closeCode()).isEqualTo(1008);
        assertThat(atClient.closeCode()).isEqualTo(1008);
        assertThat(atClient.closePhrase()).isEqualTo("message rate exceeded");
        client.send(message(9)).send(Frame.close(1008, "", true));
        assertThat(client.atEnd()).isTrue();
        backend.send(Frame.close(1008, "", false));
        assertThat(backend.atEnd()).isTrue();
        client.close();
        backend.close();
        assertThat(proxy.nextLogged().tunnel().closeReason()).isEqualTo(CloseReason.RATE_EXCEEDED);
        assertThat(metrics.events()).containsOnlyOnce("rate exceeded Close");
    }

    @Test
    void whatIsHeldBackIsReleasedWithTheConnection() throws Exception {
        tunnel(messages(SLOW, 1));
        client.send(messages(500));
        receive(0, 1);
        await().until(() -> proxy.memory().buffers().budget().used() > 0);

        client.reset();
        backend.reset();

        proxy.nextLogged();
        await().until(() -> proxy.memory().buffers().budget().used() == 0);
    }
}
