// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.balance;

import dev.wsroute.proxy.clientaddress.ClientKey;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ejects endpoints that fail repeatedly, but never more than half of a pool. Selection checks {@link #any} first, so
 * that it checks single endpoints only while one is ejected. Thread-safe and lock-free.
 */
final class Ejections {

    private static final Logger LOG = LoggerFactory.getLogger(Ejections.class);

    private final BalancingListener listener;
    private final LongSupplier nanoTime;
    /**
     * Only one decision at a time, so that two threads cannot eject more than half. A failure that loses the race is
     * not lost: the next one ejects.
     */
    private final AtomicBoolean deciding = new AtomicBoolean();

    private volatile boolean anyEjected;
    private volatile long latestEnd;

    Ejections(BalancingListener listener, LongSupplier nanoTime) {
        this.listener = listener;
        this.nanoTime = nanoTime;
    }

    long now() {
        return nanoTime.getAsLong();
    }

    /** Whether any endpoint may be ejected now. */
    boolean any(long now) {
        return anyEjected && now - latestEnd < 0;
    }

    /** Records a failed connection attempt. */
    void unreachable(String route, RuleBackend backend, Member member) {
        long now = now();
        ejectIf(member.state().health().unreachable(now), route, backend, member, now);
    }

    /** Records a failure that the client may have caused. */
    void failed(String route, RuleBackend backend, Member member, ClientKey client) {
        long now = now();
        ejectIf(member.state().health().failed(client, now), route, backend, member, now);
    }

    private void ejectIf(boolean enough, String route, RuleBackend backend, Member member, long now) {
        if (enough && deciding.compareAndSet(false, true)) {
            try {
                eject(route, backend, member, now);
            } finally {
                deciding.set(false);
            }
        }
    }

    private void eject(String route, RuleBackend backend, Member member, long now) {
        EndpointPool pool = backend.pool();
        boolean halfStays = 2 * (pool.ejected(now) + 1) <= pool.candidates().length;
        if (halfStays
                && pool.candidate(member.endpoint().key()) != null
                && !member.state().health().isEjected(now)) {
            int failures = member.state().health().failures(now);
            Duration time = member.state().health().eject(now);
            long end = now + time.toNanos();
            if (!any(now) || end - latestEnd > 0) {
                latestEnd = end;
            }
            anyEjected = true;
            LOG.warn(
                    "{}: endpoint {} of {} failed {} times in a row; ejected for {} s",
                    route,
                    pool.source().nameOf(member.endpoint()),
                    backend.name(),
                    failures,
                    time.toSeconds());
            listener.ejected(route, backend.name(), member.endpoint(), time);
        }
    }
}
