// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.authz;

import java.util.function.LongSupplier;

/**
 * The failures of one client's checks in a row. After {@value Breaker#FAILURES} they fail at once for a while; then one tries the
 * service, and closes the circuit, or opens it for twice as long.
 */
final class Circuit {

    private final LongSupplier nanoTime;
    private int failures;
    private Pause pause = Pause.NONE;
    private boolean trying;

    Circuit(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** Whether the service may be asked now. Each true is followed by one of the other calls. */
    boolean admit() {
        if (failures < Breaker.FAILURES) {
            return true;
        }
        if (trying || pause.isOn(nanoTime.getAsLong())) {
            return false;
        }
        trying = true;
        return true;
    }

    boolean isPausing() {
        return failures >= Breaker.FAILURES && pause.isOn(nanoTime.getAsLong());
    }

    /** The service has failed. */
    void failed() {
        boolean tried = trying;
        trying = false;
        if (failures < Breaker.FAILURES) {
            failures++;
        } else if (!tried) {
            // Asked before it opened.
            return;
        }
        if (failures == Breaker.FAILURES) {
            pause = pause.next(nanoTime.getAsLong());
        }
    }

    /** Nothing was found out. */
    void abandoned() {
        trying = false;
    }
}
