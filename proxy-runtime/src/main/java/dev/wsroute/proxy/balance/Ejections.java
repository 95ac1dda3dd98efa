package dev.wsroute.proxy.balance;

import dev.wsroute.proxy.request.ClientKey;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Leaves endpoints out that fail again and again, never more than half of a pool. Selection asks {@link #any} first, so
 * that it looks at single endpoints only while there is a reason to. For any thread; takes no lock.
 */
final class Ejections {

    private static final Logger log = LoggerFactory.getLogger(Ejections.class);

    private final BalancingListener listener;
    private final LongSupplier nanoTime;
    /** One decision at a time, so that two do not take the last half; whoever comes meanwhile fails again, or not. */
    private final AtomicBoolean deciding = new AtomicBoolean();

    private volatile boolean some;
    private volatile long until;

    Ejections(BalancingListener listener, LongSupplier nanoTime) {
        this.listener = listener;
        this.nanoTime = nanoTime;
    }

    long now() {
        return nanoTime.getAsLong();
    }

    /** Whether any endpoint may be left out now. */
    boolean any(long now) {
        return some && now - until < 0;
    }

    /** Notes a failed connection attempt. */
    void unreachable(String route, RuleBackend backend, Member member) {
        long now = now();
        settle(route, backend, member, member.state().health().unreachable(now), now);
    }

    /** Notes a failure that the client may have caused. */
    void failed(String route, RuleBackend backend, Member member, ClientKey client) {
        long now = now();
        settle(route, backend, member, member.state().health().failed(client, now), now);
    }

    private void settle(String route, RuleBackend backend, Member member, boolean enough, long now) {
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
        boolean halfStays = 2 * (pool.ejected(now) + 1) <= pool.takers().length;
        if (halfStays
                && pool.taker(member.endpoint().key()) != null
                && !member.state().health().isEjected(now)) {
            int failures = member.state().health().failures(now);
            Duration time = member.state().health().eject(now);
            long end = now + time.toNanos();
            if (!any(now) || end - until > 0) {
                until = end;
            }
            some = true;
            log.warn(
                    "{}: endpoint {} of {} failed {} times in a row, it gets no new connection for {} s",
                    route,
                    pool.source().nameOf(member.endpoint()),
                    backend.name(),
                    failures,
                    time.toSeconds());
            listener.ejected(route, backend.name(), member.endpoint(), time);
        }
    }
}
