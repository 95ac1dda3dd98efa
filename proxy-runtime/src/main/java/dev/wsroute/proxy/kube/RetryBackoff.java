// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.kube;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/** Exponential backoff with jitter: delays double up to a maximum, each shortened by up to half at random. */
public final class RetryBackoff {

    private final Duration first;
    private final Duration longest;
    private Duration next;

    public RetryBackoff(Duration first, Duration longest) {
        this.first = first;
        this.longest = longest;
        this.next = first;
    }

    /** The delay before the next attempt. */
    public synchronized Duration next() {
        long millis = next.toMillis();
        Duration doubled = next.multipliedBy(2);
        next = doubled.compareTo(longest) > 0 ? longest : doubled;
        return Duration.ofMillis(millis / 2 + ThreadLocalRandom.current().nextLong(millis / 2 + 1));
    }

    /** Resets the delay after a success. */
    public synchronized void reset() {
        next = first;
    }
}
