// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.testkit;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;

/** Time that passes when a test says so, begun where the monotonic clock is about to overflow. */
public final class ManualClock implements InstantSource {

    private static final Instant BEGIN = Instant.parse("2026-11-22T12:00:00Z");

    private final AtomicLong passed = new AtomicLong();

    /** Lets time pass. */
    public void advance(Duration by) {
        passed.addAndGet(by.toNanos());
    }

    /** As {@link System#nanoTime} would tell. */
    public long nanoTime() {
        return Long.MAX_VALUE - Duration.ofSeconds(10).toNanos() + passed.get();
    }

    @Override
    public Instant instant() {
        return BEGIN.plusNanos(passed.get());
    }
}
