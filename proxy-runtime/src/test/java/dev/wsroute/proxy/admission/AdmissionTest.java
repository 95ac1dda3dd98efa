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

class AdmissionTest {

    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    @Test
    void a_pace_lets_a_seconds_worth_come_at_once_and_then_one_after_the_other() {
        Pace pace = new Pace(0);
        int at_once = 0;
        while (pace.take(10, 0)) {
            at_once++;
        }

        assertThat(at_once).isEqualTo(10);
        assertThat(pace.take(10, SECOND / 10 - 1)).isFalse();
        assertThat(pace.take(10, SECOND / 10)).isTrue();
        assertThat(pace.take(10, SECOND / 10)).isFalse();
        int later = 0;
        while (pace.take(10, 100 * SECOND)) {
            later++;
        }
        assertThat(later).isEqualTo(10);
    }

    @Test
    void a_pace_bears_a_clock_that_overflows() {
        Pace pace = new Pace(Long.MAX_VALUE - 5);

        assertThat(pace.take(1, Long.MAX_VALUE - 5)).isTrue();
        assertThat(pace.take(1, Long.MIN_VALUE)).isFalse();
        assertThat(pace.take(1, Long.MIN_VALUE + SECOND)).isTrue();
    }

    @Test
    void nothing_is_left_of_clients_that_have_gone() throws Exception {
        Caps caps = new Caps(64, 2, Caps.NONE, 3);
        Admission admission = new Admission(() -> caps);
        AtomicInteger refused = new AtomicInteger();
        ExecutorService threads = Executors.newFixedThreadPool(4);
        List<Future<?>> done = new ArrayList<>();
        for (int t = 0; t < 4; t++) {
            done.add(threads.submit(() -> {
                for (int i = 0; i < 20_000; i++) {
                    Visit visit = Objects.requireNonNull(admission.come());
                    InetAddress client = InetAddress.getByAddress(new byte[] {10, 0, 0, (byte) (i % 3)});
                    if (i % 2 == 0) {
                        visit.from(client);
                    }
                    if (visit.refusal() != null || visit.handshake(client) != null) {
                        refused.incrementAndGet();
                    }
                    visit.leave();
                    visit.leave();
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
    void many_threads_take_no_more_places_than_there_are() throws Exception {
        Caps caps = new Caps(Caps.NONE, 50, Caps.NONE, Caps.NONE);
        Admission admission = new Admission(() -> caps);
        InetAddress client = InetAddress.getByAddress(new byte[] {10, 0, 0, 1});
        AtomicInteger in = new AtomicInteger();
        ExecutorService threads = Executors.newFixedThreadPool(4);
        List<Future<?>> done = new ArrayList<>();
        for (int t = 0; t < 4; t++) {
            done.add(threads.submit(() -> {
                for (int i = 0; i < 100; i++) {
                    if (Objects.requireNonNull(admission.come()).handshake(client) == null) {
                        in.incrementAndGet();
                    }
                }
            }));
        }
        for (Future<?> each : done) {
            each.get(60, TimeUnit.SECONDS);
        }
        threads.shutdown();

        assertThat(in).hasValue(50);
        assertThat(Objects.requireNonNull(admission.come()).handshake(client))
                .isEqualTo(RefusalReason.CLIENT_CONNECTIONS);
    }
}
