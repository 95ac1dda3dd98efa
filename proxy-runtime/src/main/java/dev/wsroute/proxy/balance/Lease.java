package dev.wsroute.proxy.balance;

import dev.wsroute.proxy.discovery.Endpoint;
import dev.wsroute.proxy.discovery.SourceKey;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** Counts in its endpoint's load, and in its source's use, from the choice to the release. */
final class Lease implements EndpointLease {

    private final WeightedSelector.Backend backend;
    private final Member member;
    private final AtomicBoolean held = new AtomicBoolean(true);

    Lease(WeightedSelector.Backend backend, Member member) {
        this.backend = backend;
        this.member = member;
        backend.pool().leased();
        member.load().opened();
    }

    @Override
    public Endpoint endpoint() {
        return member.endpoint();
    }

    @Override
    public SourceKey source() {
        return backend.pool().source();
    }

    @Override
    public String backend() {
        return backend.name();
    }

    /** The request that failed excludes the endpoint by itself; others are not told yet. */
    @Override
    public void connectFailed() {}

    @Override
    public void upgradeFailed() {}

    @Override
    public void opened() {}

    @Override
    public void backendLost() {}

    @Override
    public @Nullable String setCookie() {
        return null;
    }

    @Override
    public void release() {
        if (held.compareAndSet(true, false)) {
            member.load().closed();
            backend.pool().released();
        }
    }
}
