// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.balance;

import dev.wsroute.proxy.clientaddress.ClientKey;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The consecutive failures of an endpoint, and its ejection. An opened WebSocket counts as a success once it has stayed
 * open for {@link #PROVEN_AFTER}, which is evaluated lazily. Thread-safe and lock-free.
 */
final class EndpointHealth {

    /**
     * Consecutive failures before an ejection. Failures that clients may have caused must come from this many clients.
     */
    static final int LIMIT = FailureStreak.MOST_CLIENTS;
    /** How long an opened WebSocket must stay open to count as a success. */
    static final Duration PROVEN_AFTER = Duration.ofSeconds(1);
    /** Length of the first ejection. It doubles with each ejection that follows without a success. */
    static final Duration FIRST_EJECTION = Duration.ofSeconds(5);

    static final Duration LONGEST_EJECTION = Duration.ofMinutes(5);

    private static final int MAX_DOUBLINGS = 16;

    private final AtomicReference<FailureStreak> streak = new AtomicReference<>(FailureStreak.NONE);

    private FailureStreak current() {
        return Objects.requireNonNull(streak.get());
    }

    /** Records a failed connection attempt. Returns whether to eject the endpoint now. */
    boolean unreachable(long now) {
        FailureStreak next = streak.updateAndGet(last -> {
            FailureStreak settled = last.settled(now);
            return settled.isEjected(now) ? settled : settled.withUnreachable();
        });
        return next.counted() >= LIMIT && !next.isEjected(now);
    }

    /**
     * Records a failure that the client may have caused. It counts once per client, and only once several clients have
     * failed.
     *
     * @return whether to eject the endpoint now
     */
    boolean failed(ClientKey client, long now) {
        if (current().settled(now).holds(client)) {
            return false;
        }
        FailureStreak next = streak.updateAndGet(last -> {
            FailureStreak settled = last.settled(now);
            return settled.isEjected(now) ? settled : settled.withFailed(client);
        });
        return next.counted() >= LIMIT && !next.isEjected(now);
    }

    /** Ejects the endpoint and returns for how long. */
    Duration eject(long now) {
        FailureStreak next = streak.updateAndGet(last -> {
            int doublings = Math.min(last.ejections(), MAX_DOUBLINGS);
            long nanos = Math.min(FIRST_EJECTION.toNanos() << doublings, LONGEST_EJECTION.toNanos());
            return last.ejectedUntil(now + nanos);
        });
        return Duration.ofNanos(next.ejectedUntil() - now);
    }

    /** Records an opened WebSocket. */
    void opened(long now) {
        FailureStreak last = current();
        if (last.failures() > 0 && last.opened() == null) {
            // If another thread was faster, its opening or failure counts instead.
            streak.compareAndSet(last, last.withOpened(now));
        }
    }

    /** Records a success. */
    void succeeded() {
        if (current().failures() > 0) {
            streak.set(FailureStreak.NONE);
        }
    }

    boolean isEjected(long now) {
        FailureStreak last = current();
        return last.failures() > 0 && last.settled(now).isEjected(now);
    }

    /** Whether it is ejected for failed connection attempts, which no client can cause. */
    boolean isUnreachable(long now) {
        FailureStreak last = current();
        return last.failures() > 0
                && last.unreachable() >= LIMIT
                && last.settled(now).isEjected(now);
    }

    /** Consecutive failures. Those that clients may have caused count once per client. */
    int failures(long now) {
        return current().settled(now).failures();
    }

    /** Remaining time of the ejection; zero when not ejected. */
    Duration ejectionLeft(long now) {
        FailureStreak last = current().settled(now);
        return last.isEjected(now) ? Duration.ofNanos(last.ejectedUntil() - now) : Duration.ZERO;
    }
}
