// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.scaling;

import java.util.function.IntSupplier;

/** Learns of decisions, for metrics. Must not block. */
public interface ScalingObserver {

    /** The number of a route's proxies was changed. Called on the threads that reconcile. */
    void scaled(int from, int to);

    /**
     * Passes on what any thread may ask at any time.
     *
     * @param all how many routes the operator scales
     * @param limited how many of them need more than their maximum
     * @param stale how many of them have a silent proxy
     */
    void watch(IntSupplier all, IntSupplier limited, IntSupplier stale);

    /** Ignores everything. */
    ScalingObserver NONE = new ScalingObserver() {
        @Override
        public void scaled(int from, int to) {}

        @Override
        public void watch(IntSupplier all, IntSupplier limited, IntSupplier stale) {}
    };
}
