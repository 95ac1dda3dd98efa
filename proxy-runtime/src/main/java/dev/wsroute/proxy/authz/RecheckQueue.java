// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.authz;

import dev.wsroute.proxy.containment.Containment;
import dev.wsroute.proxy.containment.FailurePoint;
import dev.wsroute.proxy.metrics.AuthorizationOutcome;
import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * WebSockets of one event loop that are due to be asked about. Few at a time, and at a bounded rate, so that new requests find the
 * service free; what does not fit waits. It holds each open WebSocket at most once.
 */
final class RecheckQueue {

    /** A quarter of the connections. */
    static final int AT_ONCE = 8;

    /** At most 500 in a second. */
    static final Duration INTERVAL = Duration.ofMillis(2);

    /** Timers are late; this much is made up for. */
    private static final long CATCH_UP = TimeUnit.MILLISECONDS.toNanos(20);

    /** Receives what becomes of each. */
    interface Counter {
        void checked(AuthorizationOutcome outcome, @Nullable ServiceFailure failure, long nanos);
    }

    private final EventLoop loop;
    private final LoopChecks checks;
    private final LongSupplier nanoTime;
    private final Counter counter;
    private final Deque<Recheck> due = new ArrayDeque<>();
    private int running;
    private long nextAt;
    private boolean scheduled;
    private boolean advancing;

    RecheckQueue(EventLoop loop, LoopChecks checks, LongSupplier nanoTime, Counter counter) {
        this.loop = loop;
        this.checks = checks;
        this.nanoTime = nanoTime;
        this.counter = counter;
        this.nextAt = nanoTime.getAsLong();
    }

    void add(Recheck recheck) {
        due.add(recheck);
        advance();
    }

    private void advance() {
        if (advancing) {
            return;
        }
        advancing = true;
        try {
            while (!due.isEmpty() && running < AT_ONCE && askNext()) {}
        } finally {
            advancing = false;
        }
    }

    private boolean askNext() {
        long now = nanoTime.getAsLong();
        if (now - nextAt < 0) {
            later(nextAt - now);
            return false;
        }
        Recheck next = due.remove();
        if (next.isOpen()) {
            nextAt = (now - nextAt > CATCH_UP ? now - CATCH_UP : nextAt) + INTERVAL.toNanos();
            running++;
            checks.check(next.subrequest(), true, (answer, source) -> answered(next, answer, now));
        }
        return true;
    }

    private void answered(Recheck recheck, ServiceAnswer answer, long begun) {
        running--;
        ServiceFailure failure = answer instanceof ServiceAnswer.Failed failed ? failed.failure() : null;
        counter.checked(recheck.answered(answer), failure, nanoTime.getAsLong() - begun);
        advance();
    }

    private void later(long nanos) {
        if (!scheduled) {
            scheduled = true;
            Containment.schedule(loop, FailurePoint.TASK, nanos, () -> {
                scheduled = false;
                advance();
            });
        }
    }
}
