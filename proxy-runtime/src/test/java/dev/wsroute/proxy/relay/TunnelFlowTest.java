// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.wsroute.config.RuleConfig.Timeouts;
import dev.wsroute.proxy.accesslog.AccessEntry;
import dev.wsroute.proxy.metrics.TunnelOutcome;
import dev.wsroute.proxy.testkit.Frame;
import dev.wsroute.proxy.testkit.ProxyTest;
import dev.wsroute.proxy.testkit.RawBackend;
import dev.wsroute.proxy.testkit.TestProxy;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("slow")
class TunnelFlowTest extends ProxyTest {

    private static final int SMALL_BUFFER = 16 * 1024;

    /** Of 64 KiB: 26 MB, more than the kernel and the proxy hold. */
    private static final int FRAMES = 400;

    @Test
    void messagesPassUnchangedBothWays() throws Exception {
        RawBackend server = open(RawBackend.start());
        TestProxy proxy = open(TestProxy.to(server));
        TestProxy.Pair tunnel = open(proxy.open(server));

        tunnel.client().send(Frame.text("hello", true));
        assertThat(tunnel.backend().readFrame().text()).isEqualTo("hello");
        tunnel.backend().send(Frame.text("world", false));
        assertThat(tunnel.client().readFrame().text()).isEqualTo("world");
    }

    @Test
    void framesThatArriveByteByByteAreForwardedUnchanged() throws Exception {
        RawBackend server = open(RawBackend.start());
        TestProxy proxy = open(TestProxy.to(server));
        TestProxy.Pair tunnel = open(proxy.open(server));
        byte[] frames = concat(Frame.text("ab", true), Frame.encode(Frame.BINARY, new byte[200], true));

        for (int i = 0; i < frames.length; i++) {
            tunnel.client().send(frames, i, 1);
        }

        assertThat(tunnel.backend().read(frames.length)).isEqualTo(frames);
    }

    @Test
    void manySmallAndSomeLargeFramesKeepTheirOrderAndBytes() throws Exception {
        RawBackend server = open(RawBackend.start());
        TestProxy proxy = open(TestProxy.to(server));
        TestProxy.Pair tunnel = open(proxy.open(server));
        Random random = new Random(42);
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (int i = 0; i < 3000; i++) {
            byte[] payload = new byte[i % 100 == 99 ? 150_000 : random.nextInt(300)];
            random.nextBytes(payload);
            all.writeBytes(Frame.encode(Frame.BINARY, payload, true));
        }

        CompletableFuture<Void> sent = inBackground(() -> tunnel.client().send(all.toByteArray()));

        assertThat(tunnel.backend().read(all.size())).isEqualTo(all.toByteArray());
        sent.join();
        tunnel.client().send(Frame.close(1000, "", true));
        tunnel.backend().readFrame();
        tunnel.close();
        AccessEntry.TunnelTotals logged = proxy.nextLogged().tunnel();
        assertThat(logged.messagesIn()).isEqualTo(3000);
        assertThat(logged.bytesIn()).isEqualTo(all.size() + 8);
    }

    @Test
    void aSlowReaderPausesTheFastWriter() throws Exception {
        RawBackend server = open(RawBackend.start());
        TestProxy proxy = open(TestProxy.to(server));
        TestProxy.Pair tunnel = open(proxy.open(server, proxy.connect(SMALL_BUFFER)));
        byte[] frame = Frame.encode(Frame.BINARY, new byte[64 * 1024], false);
        AtomicLong written = new AtomicLong();

        CompletableFuture<Void> writer = inBackground(() -> {
            for (int i = 0; i < FRAMES; i++) {
                tunnel.backend().send(frame);
                written.addAndGet(frame.length);
            }
        });
        long stoppedAt = waitUntilItStopsGrowing(written);

        // What the kernel buffers on both sides, plus at most the watermark in the proxy: less than the test sends.
        assertThat(stoppedAt).isLessThan(20_000_000L);
        for (int i = 0; i < FRAMES; i++) {
            assertThat(tunnel.client().readFrame().payload()).hasSize(64 * 1024);
        }
        writer.join();
    }

    @Test
    void aPeerThatReadsNothingIsResetAfterTheWriteStallTimeout() throws Exception {
        RawBackend server = open(RawBackend.start());
        TestProxy proxy = open(TestProxy.options()
                .to(server.address())
                .timeouts(new Timeouts(Duration.ofSeconds(5), Duration.ofSeconds(5), null, Duration.ofMillis(300)))
                .start());
        TestProxy.Pair tunnel = open(proxy.open(server, proxy.connect(SMALL_BUFFER)));
        byte[] frame = Frame.encode(Frame.BINARY, new byte[64 * 1024], false);

        CompletableFuture<Void> writer = inBackground(() -> {
            while (true) {
                tunnel.backend().send(frame);
            }
        });

        await().untilAsserted(() -> assertThat(writer).isCompletedExceptionally());
        assertThat(proxy.nextLogged().tunnel().end()).isEqualTo(TunnelOutcome.RESET_AFTER_WRITE_STALL);
    }

    @Test
    void aPeerThatReadsALittleNowAndThenIsNotReset() throws Exception {
        RawBackend server = open(RawBackend.start());
        TestProxy proxy = open(TestProxy.options()
                .to(server.address())
                .timeouts(new Timeouts(Duration.ofSeconds(5), Duration.ofSeconds(5), null, Duration.ofSeconds(2)))
                .start());
        TestProxy.Pair tunnel = open(proxy.open(server, proxy.connect(SMALL_BUFFER)));
        byte[] frame = Frame.encode(Frame.BINARY, new byte[64 * 1024], false);
        CompletableFuture<Void> writer = inBackground(() -> {
            for (int i = 0; i < 500; i++) {
                tunnel.backend().send(frame);
            }
        });

        long start = System.nanoTime();
        int frames = 0;
        while (System.nanoTime() - start < Duration.ofMillis(4500).toNanos()) {
            for (int i = 0; i < 10; i++, frames++) {
                tunnel.client().readFrame();
            }
            await().pollDelay(Duration.ofMillis(100)).until(() -> true);
        }
        for (; frames < 500; frames++) {
            tunnel.client().readFrame();
        }

        writer.join();
        assertThat(proxy.connections().size()).isOne();
    }

    @Test
    void everythingSentBeforeTheEndArrives() throws Exception {
        RawBackend server = open(RawBackend.start());
        TestProxy proxy = open(TestProxy.to(server));
        TestProxy.Pair tunnel = open(proxy.open(server, proxy.connect(SMALL_BUFFER)));
        byte[] frame = Frame.encode(Frame.BINARY, new byte[1_000_000], false);

        inBackground(() -> {
                    tunnel.backend().send(frame);
                    tunnel.backend().send(Frame.close(1000, "end", false));
                    tunnel.backend().endOutput();
                })
                .join();

        assertThat(tunnel.client().readFrame().payload()).hasSize(1_000_000);
        assertThat(tunnel.client().readFrame().closePhrase()).isEqualTo("end");
        assertThat(tunnel.client().atEnd()).isTrue();
    }

    private interface Step {
        void run() throws IOException;
    }

    private static CompletableFuture<Void> inBackground(Step step) {
        return CompletableFuture.runAsync(() -> {
            try {
                step.run();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    private static long waitUntilItStopsGrowing(AtomicLong counter) {
        long[] last = {-1};
        await().pollInterval(Duration.ofMillis(300)).until(() -> {
            long now = counter.get();
            boolean same = now == last[0];
            last[0] = now;
            return same && now > 0;
        });
        return last[0];
    }

    private static byte[] concat(byte[] a, byte[] b) {
        byte[] both = Arrays.copyOf(a, a.length + b.length);
        System.arraycopy(b, 0, both, a.length, b.length);
        return both;
    }
}
