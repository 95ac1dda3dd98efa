// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.logging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LineQueueTest {

    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final long MANY = 1_000_000;

    private final StuckOutput stuck = new StuckOutput();
    private final List<Long> told = new CopyOnWriteArrayList<>();

    @AfterEach
    void free() {
        stuck.free();
    }

    @Test
    void linesAreWrittenInOrder() {
        stuck.free();
        LineQueue queue = new LineQueue("test", stuck, 1000, MANY, told::add);

        for (int i = 0; i < 100; i++) {
            queue.offer(line(i));
        }

        assertThat(written(queue)).isTrue();
        assertThat(stuck.text().lines()).hasSize(100).startsWith("0", "1", "2").endsWith("99");
        assertThat(queue.dropped()).isZero();
        assertThat(told).isEmpty();
    }

    @Test
    void aBlockedOutputBlocksNoCallerAndDroppedLinesAreCounted() throws Exception {
        LineQueue queue = new LineQueue("test", stuck, 3, MANY, told::add);
        queue.offer(line(0));
        stuck.awaitWrite();

        for (int i = 1; i <= 10; i++) {
            queue.offer(line(i));
        }

        assertThat(queue.dropped()).isEqualTo(7);
        stuck.free();
        assertThat(written(queue)).isTrue();
        assertThat(stuck.text()).isEqualTo("0\n1\n2\n3\n");
    }

    @Test
    void aFewLargeLinesFillTheQueueLikeManySmallOnes() throws Exception {
        LineQueue queue = new LineQueue("test", stuck, 1000, 10_000, told::add);
        queue.offer(line(0));
        stuck.awaitWrite();

        for (int i = 0; i < 10; i++) {
            queue.offer(("x".repeat(3000) + "\n").getBytes(StandardCharsets.UTF_8));
        }

        assertThat(queue.dropped()).isEqualTo(7);
    }

    @Test
    void theNumberOfDroppedLinesIsReportedOnceAfterTheOutputHasRecovered() throws Exception {
        LineQueue queue = new LineQueue("test", stuck, 2, MANY, told::add);
        queue.offer(line(0));
        stuck.awaitWrite();
        for (int i = 1; i <= 5; i++) {
            queue.offer(line(i));
        }
        stuck.free();
        await().until(() -> !told.isEmpty());

        queue.offer(line(6));

        assertThat(written(queue)).isTrue();
        assertThat(stuck.text()).isEqualTo("0\n1\n2\n6\n");
        assertThat(told).containsExactly(3L);
    }

    @Test
    void aFailingOutputIsTriedOncePerLineAndLostLinesAreCounted() {
        AtomicInteger tries = new AtomicInteger();
        LineQueue queue = new LineQueue("test", failing(tries), 1000, MANY, told::add);

        for (int i = 0; i < 10; i++) {
            queue.offer(line(i));
        }

        assertThat(written(queue)).isTrue();
        assertThat(tries).hasValue(10);
        assertThat(queue.dropped()).isEqualTo(10);
        assertThat(told).isEmpty();
    }

    @Test
    void linesLostByTheOutputFreeTheirSpace() {
        AtomicInteger tries = new AtomicInteger();
        LineQueue queue = new LineQueue("test", failing(tries), 1000, 200, told::add);

        for (int i = 1; i <= 20; i++) {
            int tried = i;
            queue.offer(line(i));
            await().until(() -> queue.dropped() == tried);
        }

        assertThat(tries).hasValue(20);
    }

    @Test
    void theEndWaitsNoLongerThanTheGivenTime() throws Exception {
        LineQueue queue = new LineQueue("test", stuck, 10, MANY, told::add);
        queue.offer(line(0));
        stuck.awaitWrite();

        queue.end();
        assertThat(queue.awaitEnd(1)).isFalse();

        queue.offer(line(1));
        assertThat(queue.dropped()).isEqualTo(1);
    }

    private static boolean written(LineQueue queue) {
        queue.end();
        return queue.awaitEnd(PATIENCE.toNanos());
    }

    private static byte[] line(int number) {
        return (number + "\n").getBytes(StandardCharsets.UTF_8);
    }

    private static OutputStream failing(AtomicInteger tries) {
        return new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                tries.incrementAndGet();
                throw new IOException("Broken pipe");
            }
        };
    }
}
