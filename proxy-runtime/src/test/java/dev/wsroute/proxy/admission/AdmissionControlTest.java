// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.admission;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wsroute.proxy.metrics.RefusalReason;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class AdmissionControlTest {

    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    @Test
    void aRateLimiterAllowsABurstOfOneSecondAndThenTheRate() {
        RateLimiter limiter = new RateLimiter(0);
        int burst = 0;
        while (limiter.tryAcquire(10, 0)) {
            burst++;
        }

        assertThat(burst).isEqualTo(10);
        assertThat(limiter.tryAcquire(10, SECOND / 10 - 1)).isFalse();
        assertThat(limiter.tryAcquire(10, SECOND / 10)).isTrue();
        assertThat(limiter.tryAcquire(10, SECOND / 10)).isFalse();
        int later = 0;
        while (limiter.tryAcquire(10, 100 * SECOND)) {
            later++;
        }
        assertThat(later).isEqualTo(10);
    }

    @Test
    void aRateLimiterSurvivesAnOverflowOfTheClock() {
        RateLimiter limiter = new RateLimiter(Long.MAX_VALUE - 5);

        assertThat(limiter.tryAcquire(1, Long.MAX_VALUE - 5)).isTrue();
        assertThat(limiter.tryAcquire(1, Long.MIN_VALUE)).isFalse();
        assertThat(limiter.tryAcquire(1, Long.MIN_VALUE + SECOND)).isTrue();
    }

    @Test
    void clientsWithoutConnectionsAreForgotten() throws Exception {
        Caps caps = new Caps(64, 2, Caps.NONE, 3, Caps.NONE);
        AdmissionControl admission = new AdmissionControl(() -> caps);
        AtomicInteger refused = new AtomicInteger();
        ExecutorService threads = Executors.newFixedThreadPool(4);
        List<Future<?>> done = new ArrayList<>();
        for (int t = 0; t < 4; t++) {
            done.add(threads.submit(() -> {
                for (int i = 0; i < 20_000; i++) {
                    ConnectionPermit permit = Objects.requireNonNull(admission.acquire());
                    InetAddress client = InetAddress.getByAddress(new byte[] {10, 0, 0, (byte) (i % 3)});
                    if (i % 2 == 0) {
                        permit.acquireClientSlot(client);
                    }
                    if (permit.refusal() != null || permit.acquireHandshake(client) != null) {
                        refused.incrementAndGet();
                    }
                    permit.release();
                    permit.release();
                }
                return null;
            }));
        }
        for (Future<?> each : done) {
            each.get(60, TimeUnit.SECONDS);
        }
        threads.shutdown();

        assertThat(admission.countedClients()).isZero();
        assertThat(admission.connections.isEmpty()).isTrue();
        assertThat(admission.handshakes.isEmpty()).isTrue();
    }

    @Test
    void manyThreadsAcquireNoMoreSlotsThanThereAre() throws Exception {
        Caps caps = new Caps(Caps.NONE, 50, Caps.NONE, Caps.NONE, Caps.NONE);
        AdmissionControl admission = new AdmissionControl(() -> caps);
        InetAddress client = InetAddress.getByAddress(new byte[] {10, 0, 0, 1});
        AtomicInteger acquired = new AtomicInteger();
        ExecutorService threads = Executors.newFixedThreadPool(4);
        List<Future<?>> done = new ArrayList<>();
        for (int t = 0; t < 4; t++) {
            done.add(threads.submit(() -> {
                for (int i = 0; i < 100; i++) {
                    if (Objects.requireNonNull(admission.acquire()).acquireHandshake(client) == null) {
                        acquired.incrementAndGet();
                    }
                }
            }));
        }
        for (Future<?> each : done) {
            each.get(60, TimeUnit.SECONDS);
        }
        threads.shutdown();

        assertThat(acquired).hasValue(50);
        assertThat(Objects.requireNonNull(admission.acquire()).acquireHandshake(client))
                .isEqualTo(RefusalReason.CLIENT_CONNECTIONS);
    }
}
