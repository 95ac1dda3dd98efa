// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.EventExecutor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LivenessTest {

    private static final Answer OK = Answer.text(200, "ok");

    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
    private final EventLoopGroup loops = new MultiThreadIoEventLoopGroup(2, NioIoHandler.newFactory());
    private final CountDownLatch blocked = new CountDownLatch(1);
    private final Liveness liveness = new Liveness(clock);

    @AfterEach
    void close() {
        liveness.close();
        blocked.countDown();
        clock.shutdownNow();
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }

    private void block(Executor executor) {
        executor.execute(() -> {
            try {
                blocked.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    private List<EventExecutor> watched() {
        List<EventExecutor> all = new ArrayList<>();
        loops.forEach(all::add);
        for (int i = 0; i < all.size(); i++) {
            liveness.watch("event loop " + i, all.get(i), Duration.ofSeconds(2));
        }
        return all;
    }

    @Test
    void aBlockedLoopIsReportedUntilItRunsAgain() {
        EventExecutor second = watched().get(1);
        liveness.start();
        assertThat(liveness.answer()).isEqualTo(OK);

        block(second);

        await().until(() -> liveness.answer().status() == 503);
        assertThat(liveness.answer().body()).isEqualTo("event loop 1 has not run a task for more than 2 s\n");
        blocked.countDown();
        await().untilAsserted(() -> assertThat(liveness.answer()).isEqualTo(OK));
    }

    @Test
    void aStoppedLoopIsReported() {
        watched();
        liveness.start();

        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS);

        await().until(() ->
                liveness.answer().equals(Answer.text(503, "event loop 0 has stopped; event loop 1 has stopped")));
    }

    @Test
    void aPauseOfTheWholeProcessDoesNotCountAsAHang() {
        List<Runnable> given = new ArrayList<>();
        liveness.watch("the control thread", given::add, Duration.ofSeconds(2));

        for (int round = 0; round < 4; round++) {
            liveness.round();
            assertThat(liveness.answer()).isEqualTo(OK);
        }
        liveness.round();

        assertThat(liveness.answer().status()).isEqualTo(503);
        assertThat(given).as("one task at a time").hasSize(1);
        given.get(0).run();
        liveness.round();
        assertThat(liveness.answer()).isEqualTo(OK);
    }
}
