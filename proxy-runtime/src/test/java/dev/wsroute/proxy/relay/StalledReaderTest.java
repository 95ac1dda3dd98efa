// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.wsroute.proxy.testkit.Frame;
import dev.wsroute.proxy.testkit.ProxyTest;
import dev.wsroute.proxy.testkit.RawBackend;
import dev.wsroute.proxy.testkit.RawPeer;
import dev.wsroute.proxy.testkit.TestProxy;
import dev.wsroute.proxy.testkit.TestProxyOptions;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufAllocatorMetricProvider;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A client that stops reading while its backend keeps sending (invariant I7). */
@Tag("slow")
class StalledReaderTest extends ProxyTest {

    private static final int SMALL_BUFFER = 16 * 1024;
    private static final int FRAME = 64 * 1024;
    private static final long MIB = 1024 * 1024;
    /** More than all socket buffers on the way can hold: tcp_rmem allows 32 MiB for each. */
    private static final long MORE_THAN_BUFFERS = 256 * MIB;

    private TestProxy proxy;

    private static long directMemory() {
        return ((ByteBufAllocatorMetricProvider) ByteBufAllocator.DEFAULT)
                .metric()
                .usedDirectMemory();
    }

    @Test
    void aStalledReaderCostsLessThanAMebibyteDelaysNoOtherAndFinallyGetsEveryByte() throws Exception {
        stall(8 * MIB, TestProxy.options());
    }

    @Test
    @Tag("full")
    void aStalledReaderOfAGibibyteCostsLessThanAMebibyte() throws Exception {
        stall(1024 * MIB, TestProxy.options());
    }

    @Test
    void aStalledReaderCostsNoMoreThanTheLimit() throws Exception {
        stall(8 * MIB, TestProxy.options().maxBufferedBytes(SMALL_BUFFER));

        assertThat(proxy.connections().size()).isEqualTo(2);
    }

    /** @param atLeast bytes to send in all */
    private void stall(long atLeast, TestProxyOptions options) throws Exception {
        RawBackend server = open(RawBackend.start());
        proxy = open(options.to(server.address()).start());
        TestProxy.Pair other = open(proxy.open(server));
        TestProxy.Pair tunnel = open(proxy.open(server, proxy.connect(SMALL_BUFFER)));
        echo(other, 50);
        long before = directMemory();

        AtomicLong sent = new AtomicLong();
        AtomicLong end = new AtomicLong(Math.max(atLeast, MORE_THAN_BUFFERS));
        CompletableFuture<Long> checksum = inBackground(() -> send(tunnel.backend(), end, sent));
        long stoppedAt = waitUntilItStopsGrowing(sent);

        assertThat(stoppedAt).isLessThan(end.get());
        long total = Math.max(atLeast, stoppedAt + 8 * MIB);
        end.set(total);
        assertThat(directMemory() - before).isLessThan(MIB);
        echo(other, 200);
        assertThat(directMemory() - before).isLessThan(MIB);

        assertThat(receive(tunnel.client(), total)).isEqualTo(checksum.join());
    }

    private static void echo(TestProxy.Pair tunnel, int rounds) throws IOException {
        for (int i = 0; i < rounds; i++) {
            tunnel.client().send(Frame.text("ping " + i, true));
            assertThat(tunnel.backend().readFrame().text()).isEqualTo("ping " + i);
            tunnel.backend().send(Frame.text("pong " + i, false));
            assertThat(tunnel.client().readFrame().text()).isEqualTo("pong " + i);
        }
    }

    /**
     * @param end in bytes; may decrease meanwhile
     * @return the checksum of all bytes sent
     */
    private static long send(RawPeer peer, AtomicLong end, AtomicLong sent) throws IOException {
        CRC32 checksum = new CRC32();
        Random random = new Random(1);
        byte[] payload = new byte[FRAME];
        while (sent.get() < end.get()) {
            random.nextBytes(payload);
            byte[] frame = Frame.encode(Frame.BINARY, payload, false);
            checksum.update(frame);
            peer.send(frame);
            sent.addAndGet(FRAME);
        }
        return checksum.getValue();
    }

    private static long receive(RawPeer peer, long total) throws IOException {
        CRC32 checksum = new CRC32();
        byte[] into = new byte[FRAME];
        long left = total / FRAME * Frame.encode(Frame.BINARY, new byte[FRAME], false).length;
        while (left > 0) {
            int count = peer.readSome(into);
            assertThat(count).isPositive();
            checksum.update(into, 0, count);
            left -= count;
        }
        assertThat(left).isZero();
        return checksum.getValue();
    }

    private static long waitUntilItStopsGrowing(AtomicLong value) {
        AtomicLong seen = new AtomicLong(-1);
        await().pollInterval(Duration.ofMillis(500))
                .until(() -> seen.getAndSet(value.get()) == value.get() && value.get() > 0);
        return seen.get();
    }

    private interface Work {
        long run() throws IOException;
    }

    private static CompletableFuture<Long> inBackground(Work work) {
        return CompletableFuture.supplyAsync(
                () -> {
                    try {
                        return work.run();
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                },
                task -> new Thread(task).start());
    }
}
