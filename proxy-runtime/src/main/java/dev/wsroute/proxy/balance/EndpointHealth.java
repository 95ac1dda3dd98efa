package dev.wsroute.proxy.balance;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The failures of an endpoint in a row, and whether it is left out for them. A WebSocket that was opened is a success
 * only once it has held for a while, which is found out when somebody asks. For any thread; takes no lock.
 */
final class EndpointHealth {

    /** Failures in a row that eject. */
    static final int LIMIT = 3;
    /** How long an opened WebSocket must hold to be no failure. */
    static final Duration HELD = Duration.ofSeconds(1);
    /** The first ejection; each further one without a success between is twice as long. */
    static final Duration FIRST = Duration.ofSeconds(5);

    static final Duration LONGEST = Duration.ofMinutes(5);

    private static final int MAX_DOUBLINGS = 16;

    private final AtomicReference<Streak> streak = new AtomicReference<>(Streak.NONE);

    /**
     * @param failures since the last success
     * @param ejections since the last success
     * @param ejectedUntil end of the last ejection, where there was one
     * @param opened when a WebSocket was opened that may turn out a success; null without
     */
    private record Streak(
            int failures,
            int ejections,
            long ejectedUntil,
            @Nullable Long opened) {

        static final Streak NONE = new Streak(0, 0, 0, null);

        Streak settled(long now) {
            return opened != null && now - opened >= HELD.toNanos() ? NONE : this;
        }

        boolean isEjected(long now) {
            return ejections > 0 && now - ejectedUntil < 0;
        }
    }

    private Streak current() {
        return Objects.requireNonNull(streak.get());
    }

    /** Notes a failure; whether the endpoint has had enough of them to be ejected now. */
    boolean failed(long now) {
        Streak next = streak.updateAndGet(last -> {
            Streak settled = last.settled(now);
            return settled.isEjected(now)
                    ? settled
                    : new Streak(settled.failures() + 1, settled.ejections(), settled.ejectedUntil(), null);
        });
        return next.failures() >= LIMIT && !next.isEjected(now);
    }

    /** Leaves it out from now on; for how long. */
    Duration eject(long now) {
        Streak next = streak.updateAndGet(last -> {
            int doublings = Math.min(last.ejections(), MAX_DOUBLINGS);
            long nanos = Math.min(FIRST.toNanos() << doublings, LONGEST.toNanos());
            return new Streak(last.failures(), last.ejections() + 1, now + nanos, null);
        });
        return Duration.ofNanos(next.ejectedUntil() - now);
    }

    /** Notes that a WebSocket was opened. */
    void opened(long now) {
        Streak last = current();
        if (last.failures() > 0 && last.opened() == null) {
            // Where somebody else was faster, there is another opening, or another failure, to go by.
            streak.compareAndSet(last, new Streak(last.failures(), last.ejections(), last.ejectedUntil(), now));
        }
    }

    /** Notes a success. */
    void succeeded() {
        if (current().failures() > 0) {
            streak.set(Streak.NONE);
        }
    }

    boolean isEjected(long now) {
        Streak last = current();
        return last.failures() > 0 && last.settled(now).isEjected(now);
    }

    /** In a row. */
    int failures(long now) {
        return current().settled(now).failures();
    }

    /** How long it is left out yet; zero when it is not. */
    Duration leftOut(long now) {
        Streak last = current().settled(now);
        return last.isEjected(now) ? Duration.ofNanos(last.ejectedUntil() - now) : Duration.ZERO;
    }
}
