package dev.wsroute.proxy.kube;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/** Waits that double from a first one to a longest one, each shortened by up to a half at random. */
public final class RetryBackoff {

    private final Duration first;
    private final Duration longest;
    private Duration next;

    public RetryBackoff(Duration first, Duration longest) {
        this.first = first;
        this.longest = longest;
        this.next = first;
    }

    /** How long to wait before the next attempt. */
    public synchronized Duration next() {
        long millis = next.toMillis();
        Duration doubled = next.multipliedBy(2);
        next = doubled.compareTo(longest) > 0 ? longest : doubled;
        return Duration.ofMillis(millis / 2 + ThreadLocalRandom.current().nextLong(millis / 2 + 1));
    }

    /** An attempt succeeded. */
    public synchronized void reset() {
        next = first;
    }
}
