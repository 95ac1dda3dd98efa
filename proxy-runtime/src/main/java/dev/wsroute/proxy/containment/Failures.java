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

    private final Map<Place, LongAdder> counts = new EnumMap<>(Place.class);
    /** Of {@link System#nanoTime}; 0: never. */
    private final AtomicLong loggedAt = new AtomicLong();

    private final AtomicLong unlogged = new AtomicLong();

    public Failures() {
        for (Place place : Place.values()) {
            counts.put(place, new LongAdder());
        }
    }

    /** Counts something that was thrown and contained. */
    public void add(Place place, Throwable cause) {
        of(place).increment();
        long now = System.nanoTime();
        long last = loggedAt.get();
        if ((last == 0 || now - last >= LOG_EVERY) && loggedAt.compareAndSet(last, now == 0 ? 1 : now)) {
            log(place, cause);
        } else {
            unlogged.incrementAndGet();
        }
    }

    private void log(Place place, Throwable cause) {
        try {
            LOG.warn(
                    "An internal error was contained (place: {}; {} more since the last such line)",
                    place.label(),
                    unlogged.getAndSet(0),
                    cause);
        } catch (Throwable e) {
            // There may be no memory for a log line; the error is counted all the same.
            unlogged.incrementAndGet();
        }
    }

    /** How many so far. */
    public long count(Place place) {
        return of(place).sum();
    }

    private LongAdder of(Place place) {
        return Objects.requireNonNull(counts.get(place));
    }
}
