// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.discovery;

import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The state of one source: its current endpoints, and those already announced as leaving. Confined to the control
 * thread, to which published sets are passed.
 */
final class SourceState implements EndpointSource.EndpointSink {

    private static final Logger LOG = LoggerFactory.getLogger(SourceState.class);

    private final SourceKey key;
    private final EndpointListener listener;
    private final ScheduledExecutorService control;
    private final Duration confirmation;
    private final Duration patience;
    private final CompletableFuture<Void> synced = new CompletableFuture<>();
    private final Set<EndpointKey> announced = new HashSet<>();
    private EndpointSet current = EndpointSet.EMPTY;
    /** The source had no information. The next set may be incomplete, so an endpoint that it lacks is not removed. */
    private boolean interrupted;

    /** The first report was empty. */
    private boolean waiting;

    private boolean closed;

    /**
     * @param confirmation debounce: how long an endpoint must be missing before it is drained
     * @param patience how long to wait after an empty first report
     */
    SourceState(
            SourceKey key,
            EndpointListener listener,
            ScheduledExecutorService control,
            Duration confirmation,
            Duration patience) {
        this.key = key;
        this.listener = listener;
        this.control = control;
        this.confirmation = confirmation;
        this.patience = patience;
    }

    /** Starts with endpoints that a previous process stored. */
    void restore(EndpointSet lastKnown) {
        current = lastKnown;
        listener.changed(key, lastKnown);
        synced.complete(null);
    }

    EndpointSet current() {
        return current;
    }

    CompletableFuture<Void> synced() {
        return synced;
    }

    void close() {
        closed = true;
        synced.complete(null);
    }

    @Override
    public void publish(Collection<Endpoint> endpoints, Absence absence) {
        EndpointSet next = EndpointSet.of(endpoints);
        onControl(() -> take(next, absence));
    }

    @Override
    public void nothingKnown() {
        onControl(() -> {
            interrupted = true;
            if (!current.isEmpty()) {
                LOG.warn(
                        "{}: no EndpointSlice can be seen; keeping the {} known endpoints",
                        key,
                        current.endpoints().size());
            }
            waitForMore();
        });
    }

    /** Slices are created shortly after their Service. Do not switch routes to an empty set meanwhile. */
    private void waitForMore() {
        if (!synced.isDone() && !waiting) {
            waiting = true;
            control.schedule(() -> synced.complete(null), patience.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private void take(EndpointSet next, Absence absence) {
        if (closed) {
            return;
        }
        EndpointSet before = current;
        current = next;
        if (!next.equals(before)) {
            LOG.debug("{}: {}", key, next.endpoints());
            listener.changed(key, next);
            if (!(key instanceof SourceKey.Proxies)) {
                announceTerminating(next);
                departed(before, next, interrupted && absence == Absence.TO_CONFIRM ? Absence.UNKNOWN : absence);
            }
        } else if (!synced.isDone()) {
            listener.changed(key, next);
        }
        interrupted = false;
        synced.complete(null);
    }

    private void announceTerminating(EndpointSet next) {
        for (Endpoint endpoint : next.endpoints()) {
            if (!endpoint.terminating()) {
                announced.remove(endpoint.key());
            } else {
                announce(endpoint, "terminating");
            }
        }
    }

    private void departed(EndpointSet before, EndpointSet next, Absence absence) {
        Set<EndpointKey> present = next.keys();
        List<Endpoint> gone = before.endpoints().stream()
                .filter(endpoint -> !present.contains(endpoint.key()) && !announced.contains(endpoint.key()))
                .toList();
        announced.retainAll(present);
        switch (absence) {
            case FINAL -> gone.forEach(endpoint -> announce(endpoint, "removed from the configuration"));
            case TO_CONFIRM -> {
                if (!gone.isEmpty()) {
                    control.schedule(() -> confirm(gone), confirmation.toMillis(), TimeUnit.MILLISECONDS);
                }
            }
            case UNKNOWN -> {
                if (!gone.isEmpty()) {
                    LOG.info("{}: no longer listed: {}; their connections stay open", key, names(gone));
                }
            }
        }
    }

    private List<String> names(List<Endpoint> endpoints) {
        return endpoints.stream().map(key::nameOf).toList();
    }

    private void confirm(List<Endpoint> gone) {
        if (closed) {
            return;
        }
        if (current.isEmpty()) {
            LOG.warn("{}: all endpoints disappeared; their connections stay open", key);
            return;
        }
        Set<EndpointKey> present = current.keys();
        gone.stream()
                .filter(endpoint -> !present.contains(endpoint.key()))
                .forEach(endpoint -> announce(endpoint, "gone"));
    }

    private void announce(Endpoint endpoint, String why) {
        if (announced.add(endpoint.key())) {
            LOG.info("{}: endpoint {} is {}; draining its connections", key, key.nameOf(endpoint), why);
            listener.leaving(key, endpoint.key());
        }
    }

    private void onControl(Runnable step) {
        try {
            control.execute(step);
        } catch (RejectedExecutionException e) {
            LOG.debug("{}: ignoring an update after shutdown", key);
        }
    }
}
