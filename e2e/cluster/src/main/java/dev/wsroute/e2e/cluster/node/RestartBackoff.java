// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.cluster.node;

import java.time.Duration;

/**
 * The delay before a container is restarted: none at first, then a second, doubling up to ten (Kubernetes: ten seconds,
 * doubling up to five minutes). After a run of twenty seconds, the delay is zero again.
 */
final class RestartBackoff {

    private static final Duration FIRST = Duration.ofSeconds(1);
    private static final Duration LAST = Duration.ofSeconds(10);

    private Duration next = Duration.ZERO;

    Duration next(Duration ran) {
        if (ran.compareTo(LAST.multipliedBy(2)) >= 0) {
            next = Duration.ZERO;
        }
        Duration delay = next;
        Duration doubled = delay.isZero() ? FIRST : delay.multipliedBy(2);
        next = doubled.compareTo(LAST) > 0 ? LAST : doubled;
        return delay;
    }
}
