package dev.wsroute.proxy.drain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wsroute.proxy.discovery.EndpointKey;
import dev.wsroute.proxy.discovery.SourceKey;
import dev.wsroute.proxy.testkit.ManualScheduler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PacedShedderTest {

    private final ManualScheduler scheduler = new ManualScheduler();
    private final PacedShedder shedder = new PacedShedder(scheduler, new Random(7), scheduler::nanoTime);
    private final List<Long> closedAtNanos = new ArrayList<>();

    private Collection<LiveConnection> connections(int count) {
        List<LiveConnection> all = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            all.add(new Noting());
        }
        return all;
    }

    private final class Noting implements LiveConnection {
        @Override
        public String route() {
            return "apps/echo";
        }

        @Override
        public String rule() {
            return "main";
        }

        @Override
        public SourceKey source() {
            return new SourceKey.Listed("apps/echo", "main", "echo");
        }

        @Override
        public boolean toLeavingEndpoint() {
            return false;
        }

        @Override
        public EndpointKey endpoint() {
            return new EndpointKey("pod", 1);
        }

        @Override
        public void close(CloseReason reason) {
            closedAtNanos.add(scheduler.nanoTime());
        }
    }

    @ParameterizedTest
    @CsvSource({"600, 60", "5000, 60", "100000, 60", "200, 20", "7, 5"})
    void noSecondCarriesMoreThanItsShareAndAThird(int count, int seconds) {
        CompletionStage<Void> done =
                shedder.shed(connections(count), CloseReason.PROXY_SHUTDOWN, Duration.ofSeconds(seconds));

        scheduler.advance(Duration.ofSeconds(seconds));

        assertThat(closedAtNanos).hasSize(count);
        assertThat(done.toCompletableFuture()).isCompleted();
        long share = Math.max(1, Math.round(Math.ceil(1.3 * count / seconds)));
        for (int i = 0; i < closedAtNanos.size(); i++) {
            long from = closedAtNanos.get(i);
            long within = closedAtNanos.stream()
                    .filter(at -> at >= from && at < from + 1_000_000_000L)
                    .count();
            assertThat(within).isLessThanOrEqualTo(share);
            i += count / 500;
        }
    }

    @Test
    void afterAPauseItGoesOnAtItsPaceInsteadOfCatchingUpAtOnce() {
        shedder.shed(connections(600), CloseReason.PROXY_SHUTDOWN, Duration.ofSeconds(60));
        scheduler.advance(Duration.ofSeconds(10));
        int before = closedAtNanos.size();

        scheduler.pause(Duration.ofSeconds(20));
        scheduler.advance(Duration.ofSeconds(1));

        assertThat(closedAtNanos.size() - before).isBetween(9, 13);
    }

    @Test
    void twoProxiesDoNotAskAtTheSameMoments() {
        shedder.shed(connections(1), CloseReason.PROXY_SHUTDOWN, Duration.ofSeconds(10));
        shedder.shed(connections(1), CloseReason.PROXY_SHUTDOWN, Duration.ofSeconds(10));

        scheduler.advance(Duration.ofSeconds(10));

        assertThat(closedAtNanos).hasSize(2).doesNotHaveDuplicates();
    }

    @Test
    void withoutAWindowAllAreAskedAtOnce() {
        shedder.shed(connections(50), CloseReason.ROUTE_REMOVED, Duration.ZERO);

        scheduler.advance(Duration.ofMillis(1));

        assertThat(closedAtNanos).hasSize(50);
    }

    @Test
    void withoutConnectionsItIsDoneAtOnce() {
        assertThat(shedder.shed(List.of(), CloseReason.ROUTE_REMOVED, Duration.ofSeconds(10))
                        .toCompletableFuture())
                .isCompleted();
    }
}
