// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.balance;

import java.util.concurrent.atomic.AtomicInteger;

/** The state of an endpoint. All rules that use it share it, across configurations. */
final class EndpointState {

    private final AtomicInteger live = new AtomicInteger();
    private final EndpointHealth health = new EndpointHealth();

    /** Number of live connections. */
    int live() {
        return live.get();
    }

    EndpointHealth health() {
        return health;
    }

    void acquired() {
        live.incrementAndGet();
    }

    void released() {
        live.decrementAndGet();
    }
}
