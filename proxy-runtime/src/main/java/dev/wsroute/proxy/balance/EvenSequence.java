// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.balance;

import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;

/**
 * A low-discrepancy (Weyl) sequence: every part of the range gets its share of any run of numbers, give or take a few.
 * It starts at random, so that proxies do not synchronise. Thread-safe and lock-free.
 */
final class EvenSequence {

    /** 2^64 divided by the golden ratio, whose multiples are spread most evenly. */
    private static final long GOLDEN = 0x9E3779B97F4A7C15L;

    private final AtomicLong index;

    /** @param random chooses the start */
    EvenSequence(RandomGenerator random) {
        this.index = new AtomicLong(random.nextLong());
    }

    /** The next number, from 0 to 2^32 - 1. */
    long next() {
        return (index.getAndIncrement() * GOLDEN) >>> Integer.SIZE;
    }
}
