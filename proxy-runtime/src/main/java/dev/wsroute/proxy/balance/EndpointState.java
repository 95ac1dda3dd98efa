package dev.wsroute.proxy.balance;

import java.util.concurrent.atomic.AtomicInteger;

/** How an endpoint fares: with all rules that use it, through every change of the configuration. */
final class EndpointState {

    private final AtomicInteger live = new AtomicInteger();
    private final EndpointHealth health = new EndpointHealth();

    /** Connections that it holds. */
    int live() {
        return live.get();
    }

    EndpointHealth health() {
        return health;
    }

    void claimed() {
        live.incrementAndGet();
    }

    void released() {
        live.decrementAndGet();
    }
}
