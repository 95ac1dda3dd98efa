// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.authz;

/**
 * How long the service is left alone.
 *
 * @param nanos its length; 0 for none
 * @param until its end, as {@link System#nanoTime}
 */
record Pause(long nanos, long until) {

    static final Pause NONE = new Pause(0, 0);

    boolean isOn(long now) {
        return nanos > 0 && now - until < 0;
    }

    /** One of twice the length that begins now. */
    Pause next(long now) {
        long length = nanos == 0 ? Breaker.FIRST_PAUSE.toNanos() : Math.min(2 * nanos, Breaker.LONGEST_PAUSE.toNanos());
        return new Pause(length, now + length);
    }
}
