package dev.wsroute.proxy.balance;

import java.util.concurrent.atomic.AtomicInteger;

/** How many connections an endpoint holds: of all rules that use it, through every change of the configuration. */
final class EndpointLoad {

    private final AtomicInteger live = new AtomicInteger();

    int live() {
        return live.get();
    }

    void opened() {
        live.incrementAndGet();
    }

    void closed() {
        live.decrementAndGet();
    }
}
