// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.containment;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Counts contained errors and logs at most one a second. Thread-safe; never throws. */
public final class Failures {

    private static final Logger LOG = LoggerFactory.getLogger(Failures.class);
    private static final long LOG_EVERY = TimeUnit.SECONDS.toNanos(1);

    private final Map<FailurePoint, LongAdder> counts = new EnumMap<>(FailurePoint.class);
    /** Of {@link System#nanoTime}; 0: never. */
    private final AtomicLong loggedAt = new AtomicLong();

    private final AtomicLong unlogged = new AtomicLong();

    public Failures() {
        for (FailurePoint point : FailurePoint.values()) {
            counts.put(point, new LongAdder());
        }
    }

    /** Counts a contained error. */
    public void add(FailurePoint point, Throwable cause) {
        of(point).increment();
        long now = System.nanoTime();
        long last = loggedAt.get();
        if ((last == 0 || now - last >= LOG_EVERY) && loggedAt.compareAndSet(last, now == 0 ? 1 : now)) {
            log(point, cause);
        } else {
            unlogged.incrementAndGet();
        }
    }

    private void log(FailurePoint point, Throwable cause) {
        try {
            LOG.warn(
                    "Contained an internal error (place: {}; {} more since the last message)",
                    point.label(),
                    unlogged.getAndSet(0),
                    cause);
        } catch (Throwable e) {
            // There may be no memory left for a log line. The error is counted anyway.
            unlogged.incrementAndGet();
        }
    }

    /** Number of errors since the start. */
    public long count(FailurePoint point) {
        return of(point).sum();
    }

    private LongAdder of(FailurePoint point) {
        return Objects.requireNonNull(counts.get(point));
    }
}
