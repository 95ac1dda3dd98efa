package dev.wsroute.proxy.balance;

import java.time.Duration;

/**
 * How a backend's endpoint stands with this proxy.
 *
 * @param live connections that it holds, of all rules
 * @param failures in a row
 */
public record EndpointStatus(Standing standing, int live, int failures) {

    /** What new connections it takes. */
    public sealed interface Standing {

        /** Its share. */
        record Ready() implements Standing {}

        /**
         * Less than its share, since it is new.
         *
         * @param left until it takes all of it
         */
        record SlowStart(Duration left) implements Standing {}

        /**
         * None, since it failed.
         *
         * @param left until it is tried again
         */
        record Ejected(Duration left) implements Standing {}

        /** None, for its pod is not ready. */
        record NotReady() implements Standing {}

        /** None while there are others, for its pod is being deleted. */
        record Terminating() implements Standing {}
    }
}
