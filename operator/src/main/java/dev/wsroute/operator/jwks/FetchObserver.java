// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.jwks;

import java.util.function.IntSupplier;

/** Learns of fetches, for metrics. Must not block. */
public interface FetchObserver {

    /** Outcomes of a fetch. */
    enum Outcome {
        /** A new set, or the first one. */
        CHANGED,
        /** The set that is known. */
        UNCHANGED,
        /** The operator does not connect to this host or port. */
        FORBIDDEN,
        /** No address, or no connection. */
        UNREACHABLE,
        /** The certificate is not trusted, or no TLS. */
        TLS,
        /** Not within the time. */
        TIMEOUT,
        /** An answer that is no key set. */
        ANSWER
    }

    /** A fetch has ended. */
    void fetched(Outcome outcome);

    /**
     * Passes on what any thread may ask at any time.
     *
     * @param all how many key sets the operator fetches
     * @param failing how many of them it cannot fetch
     */
    void watch(IntSupplier all, IntSupplier failing);

    /** Ignores everything. */
    FetchObserver NONE = new FetchObserver() {
        @Override
        public void fetched(Outcome outcome) {}

        @Override
        public void watch(IntSupplier all, IntSupplier failing) {}
    };
}
