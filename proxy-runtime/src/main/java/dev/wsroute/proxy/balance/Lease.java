package dev.wsroute.proxy.balance;

import dev.wsroute.proxy.discovery.Endpoint;
import java.util.concurrent.atomic.AtomicBoolean;

/** Counts in its endpoint's load from the choice to the release. */
final class Lease implements EndpointLease {

    private final String backend;
    private final Member member;
    private final AtomicBoolean held = new AtomicBoolean(true);

    Lease(String backend, Member member) {
        this.backend = backend;
        this.member = member;
        member.load().opened();
    }

    @Override
    public Endpoint endpoint() {
        return member.endpoint();
    }

    @Override
    public String backend() {
        return backend;
    }

    /** The request that failed excludes the endpoint by itself; others are not told yet. */
    @Override
    public void connectFailed() {}

    @Override
    public void release() {
        if (held.compareAndSet(true, false)) {
            member.load().closed();
        }
    }
}
