// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.wsroute.config.ConnectionRules;
import dev.wsroute.config.RuleConfig.Timeouts;
import dev.wsroute.proxy.testkit.Frame;
import dev.wsroute.proxy.testkit.RawBackend;
import dev.wsroute.proxy.testkit.TestProxy;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A rule's {@code messagesPerSecond} and {@code bytesPerSecond}. */
@Tag("slow")
class MessageRateTest extends RateFixture {

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
}
