package dev.wsroute.operator.route;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SliceWaitTest {

    private static final Duration AT_MOST = Duration.ofSeconds(5);

    private Instant now = Instant.parse("2026-01-02T03:04:05Z");
    private final SliceWait wait = new SliceWait(new Moving(), AT_MOST);

    @Test
    void nothingMissingIsNothingToWaitFor() {
        assertThat(wait.left("u", Set.of())).isZero();
    }

    @Test
    void aWaitEndsAndStaysOverWhileTheSameSliceIsMissing() {
        assertThat(wait.left("u", Set.of("a", "b"))).isEqualTo(AT_MOST);

        now = now.plusSeconds(2);
        assertThat(wait.left("u", Set.of("a"))).isEqualTo(Duration.ofSeconds(3));
        now = now.plusSeconds(3);
        assertThat(wait.left("u", Set.of("a"))).isZero();
        now = now.plusSeconds(60);
        assertThat(wait.left("u", Set.of("a"))).isZero();
    }

    @Test
    void anotherServiceIsWaitedForAnew() {
        wait.left("u", Set.of("a"));
        now = now.plus(AT_MOST);

        assertThat(wait.left("u", Set.of("a", "b"))).isEqualTo(AT_MOST);
    }

    @Test
    void aSliceThatCameAndWentIsWaitedForAnew() {
        wait.left("u", Set.of("a"));
        now = now.plus(AT_MOST);
        wait.left("u", Set.of());

        assertThat(wait.left("u", Set.of("a"))).isEqualTo(AT_MOST);
    }

    @Test
    void routesWaitByThemselves() {
        wait.left("u", Set.of("a"));
        now = now.plusSeconds(4);

        assertThat(wait.left("v", Set.of("a"))).isEqualTo(AT_MOST);
    }

    private final class Moving extends Clock {

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return now;
        }
    }
}
