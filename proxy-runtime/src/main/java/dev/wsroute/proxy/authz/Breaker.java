// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.authz;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Fails checks at once while the service fails. After {@value #FAILURES} failures in a row it opens; after a while one check tries
 * the service, and closes it, or opens it for twice as long. Confined to one event loop.
 */
final class Breaker {

    static final int FAILURES = 5;

    static final Duration FIRST_PAUSE = Duration.ofSeconds(1);

    static final Duration LONGEST_PAUSE = Duration.ofSeconds(16);

    private final LongSupplier nanoTime;
    private int failures;
    private long pause;
    private long openUntil;
    private boolean trying;

    Breaker(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** Whether the service may be asked now. Each true is followed by one of the other calls. */
    boolean admit() {
        if (failures < FAILURES) {
            return true;
        }
        if (trying || nanoTime.getAsLong() - openUntil < 0) {
            return false;
        }
        trying = true;
        return true;
    }

    /** Whether it is not known to be closed. */
    boolean isOpen() {
        return failures >= FAILURES;
    }

    /** The service has answered. */
    void succeeded() {
        failures = 0;
        pause = 0;
        trying = false;
    }

    /** The service has failed. */
    void failed() {
        boolean tried = trying;
        trying = false;
        if (failures < FAILURES) {
            failures++;
        } else if (!tried) {
            // Asked before it opened.
            return;
        }
        if (failures == FAILURES) {
            pause = pause == 0 ? FIRST_PAUSE.toNanos() : Math.min(2 * pause, LONGEST_PAUSE.toNanos());
            openUntil = nanoTime.getAsLong() + pause;
        }
    }

    /** Nothing was found out. */
    void abandoned() {
        trying = false;
    }
}
