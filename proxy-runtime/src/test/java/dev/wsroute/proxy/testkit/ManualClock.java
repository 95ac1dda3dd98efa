// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.testkit;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;

/** A clock that a test advances. Starts just before the monotonic clock overflows. */
public final class ManualClock implements InstantSource {

    private static final Instant BEGIN = Instant.parse("2026-11-22T12:00:00Z");

    private final AtomicLong passed = new AtomicLong();

    /** Advances the time. */
    public void advance(Duration by) {
        passed.addAndGet(by.toNanos());
    }

    /** The time, as {@link System#nanoTime}. */
    public long nanoTime() {
        return Long.MAX_VALUE - Duration.ofSeconds(10).toNanos() + passed.get();
    }

    @Override
    public Instant instant() {
        return BEGIN.plusNanos(passed.get());
    }
}
