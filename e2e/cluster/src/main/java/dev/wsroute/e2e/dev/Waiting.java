// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.dev;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Waits by polling. */
public final class Waiting {

    private static final long POLL_MILLIS = 20;

    private Waiting() {}

    /**
     * @throws IllegalStateException naming {@code what} if it did not happen within {@code timeout}
     */
    public static void until(String what, Duration timeout, BooleanSupplier happened) throws InterruptedException {
        long deadline = System.nanoTime() + timeout.toNanos();
        while (!happened.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException(what + ": no end of it within " + timeout.toSeconds() + " s");
            }
            TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
        }
    }
}
