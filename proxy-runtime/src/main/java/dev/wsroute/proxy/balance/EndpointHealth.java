package dev.wsroute.proxy.balance;

import dev.wsroute.proxy.request.ClientKey;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The failures of an endpoint in a row, and whether it is left out for them. A WebSocket that was opened is a success
 * only once it has held for a while, which is found out when somebody asks. For any thread; takes no lock.
 */
final class EndpointHealth {

    /** Failures in a row that eject; failures that clients may have caused must come from this many clients. */
    static final int LIMIT = Streak.MOST_CLIENTS;
    /** How long an opened WebSocket must hold to be no failure. */
    static final Duration HELD = Duration.ofSeconds(1);
    /** The first ejection; each further one without a success between is twice as long. */
    static final Duration FIRST = Duration.ofSeconds(5);

    static final Duration LONGEST = Duration.ofMinutes(5);

    private static final int MAX_DOUBLINGS = 16;

    private final AtomicReference<Streak> streak = new AtomicReference<>(Streak.NONE);

    private Streak current() {
        return Objects.requireNonNull(streak.get());
    }

    /** Notes a failed connection attempt; returns whether the endpoint is to be ejected now. */
    boolean unreachable(long now) {
        Streak next = streak.updateAndGet(last -> {
            Streak settled = last.settled(now);
            return settled.isEjected(now) ? settled : settled.withUnreachable();
        });
        return next.counted() >= LIMIT && !next.isEjected(now);
    }

    /**
     * Notes a failure that the client may have caused. It counts once for each client, and only if there are several
     * clients.
     *
     * @return whether the endpoint is to be ejected now
     */
    boolean failed(ClientKey client, long now) {
        if (current().settled(now).holds(client)) {
            return false;
        }
        Streak next = streak.updateAndGet(last -> {
            Streak settled = last.settled(now);
            return settled.isEjected(now) ? settled : settled.withFailed(client);
        });
        return next.counted() >= LIMIT && !next.isEjected(now);
    }

    /** Leaves it out from now on; for how long. */
    Duration eject(long now) {
        Streak next = streak.updateAndGet(last -> {
            int doublings = Math.min(last.ejections(), MAX_DOUBLINGS);
            long nanos = Math.min(FIRST.toNanos() << doublings, LONGEST.toNanos());
            return last.ejectedUntil(now + nanos);
        });
        return Duration.ofNanos(next.ejectedUntil() - now);
    }

    /** Notes that a WebSocket was opened. */
    void opened(long now) {
        Streak last = current();
        if (last.failures() > 0 && last.opened() == null) {
            // Where somebody else was faster, there is another opening, or another failure, to go by.
            streak.compareAndSet(last, last.withOpened(now));
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

    /** Whether it is ejected because it could not be connected to, which no client can cause. */
    boolean isUnreachable(long now) {
        Streak last = current();
        return last.failures() > 0
                && last.unreachable() >= LIMIT
                && last.settled(now).isEjected(now);
    }

    /** Failures in a row; of those that clients may have caused, one for each client. */
    int failures(long now) {
        return current().settled(now).failures();
    }

    /** How long it is left out yet; zero when it is not. */
    Duration leftOut(long now) {
        Streak last = current().settled(now);
        return last.isEjected(now) ? Duration.ofNanos(last.ejectedUntil() - now) : Duration.ZERO;
    }
}
