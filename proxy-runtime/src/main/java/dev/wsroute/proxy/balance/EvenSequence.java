package dev.wsroute.proxy.balance;

import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;

/**
 * Numbers that fill their range as evenly in the short run as in the long one (a Weyl sequence): a part of the range gets
 * its share of any run of numbers, give or take a few. It starts at random, so that many proxies do not march in step. For
 * any thread; takes no lock.
 */
final class EvenSequence {

    /** 2^64 divided by the golden ratio: multiples of it fill the range most evenly, whatever the parts are. */
    private static final long GOLDEN = 0x9E3779B97F4A7C15L;

    private final AtomicLong turn;

    /** @param random where it starts */
    EvenSequence(RandomGenerator random) {
        this.turn = new AtomicLong(random.nextLong());
    }

    /** The next number: at least 0, less than 2^32. */
    long next() {
        return (turn.getAndIncrement() * GOLDEN) >>> Integer.SIZE;
    }
}
