// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.scaling;

/** Learns of decisions, for metrics. Called on the threads that reconcile; must not block. */
public interface ScalingObserver {

    /** The number of a route's proxies was changed. */
    void scaled(int from, int to);

    /** How many routes the operator scales, how many of them need more than their maximum, and how many have a silent proxy. */
    void routes(int all, int limited, int stale);

    /** Ignores everything. */
    ScalingObserver NONE = new ScalingObserver() {
        @Override
        public void scaled(int from, int to) {}

        @Override
        public void routes(int all, int limited, int stale) {}
    };
}
