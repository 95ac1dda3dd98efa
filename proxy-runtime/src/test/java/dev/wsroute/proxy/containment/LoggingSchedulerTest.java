// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.containment;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The threads for disk and reports rely on this: the newest value is written last. */
class LoggingSchedulerTest {

    private final LoggingScheduler scheduler = new LoggingScheduler("disk");
    private final List<String> written = new CopyOnWriteArrayList<>();

    @AfterEach
    void stop() {
        scheduler.shutdownNow();
    }

    @Test
    void aSlowTaskIsNotOvertakenByLaterOnes() throws Exception {
        CountDownLatch slow = new CountDownLatch(1);
        CountDownLatch all = new CountDownLatch(20);
        scheduler.execute(() -> {
            await(slow);
            written.add("0");
            all.countDown();
        });
        for (int i = 1; i < 20; i++) {
            String next = String.valueOf(i);
            scheduler.execute(() -> {
                written.add(next);
                all.countDown();
            });
        }
        assertThat(written).isEmpty();

        slow.countDown();

        assertThat(all.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(written)
                .containsExactly(
                        "0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12", "13", "14", "15", "16",
                        "17", "18", "19");
    }

    @Test
    void aPeriodicTaskThatFailsIsRunAgain() throws Exception {
        CountDownLatch runs = new CountDownLatch(3);
        scheduler.scheduleWithFixedDelay(
                () -> {
                    runs.countDown();
                    throw new StackOverflowError();
                },
                1,
                1,
                TimeUnit.MILLISECONDS);

        assertThat(runs.await(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void aTaskThatFailsDoesNotEndTheThread() throws Exception {
        CountDownLatch next = new CountDownLatch(1);
        scheduler.execute(() -> {
            throw new IllegalStateException("the disk is full");
        });
        scheduler.execute(next::countDown);

        assertThat(next.await(10, TimeUnit.SECONDS)).isTrue();
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
