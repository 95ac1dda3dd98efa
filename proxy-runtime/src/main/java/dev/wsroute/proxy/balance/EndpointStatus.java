// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.balance;

import java.time.Duration;

/**
 * The status of an endpoint at this proxy.
 *
 * @param live live connections, of all rules
 * @param failures consecutive failures
 */
public record EndpointStatus(Availability availability, int live, int failures) {

    /** Which share of new connections it gets. */
    public sealed interface Availability {

        /** Its full share. */
        record Ready() implements Availability {}

        /**
         * Less than its share, since it is new.
         *
         * @param left until it gets its full share
         */
        record SlowStart(Duration left) implements Availability {}

        /**
         * None, because it failed.
         *
         * @param left until it gets connections again
         */
        record Ejected(Duration left) implements Availability {}

        /** None, because its pod is not ready. */
        record NotReady() implements Availability {}

        /** None while there are others, because its pod is terminating. */
        record Terminating() implements Availability {}
    }
}
