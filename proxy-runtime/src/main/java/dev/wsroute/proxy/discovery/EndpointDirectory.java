// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.discovery;

import dev.wsroute.config.BackendConfig;
import dev.wsroute.proxy.containment.ThreadRules;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;

/**
 * All endpoint sources in use. Each is watched once, however many rules use it. All methods and listeners run on the
 * control thread.
 */
public final class EndpointDirectory implements AutoCloseable {

    private final EndpointSourceFactory factory;
    private final ScheduledExecutorService control;
    private final Duration confirmation;
    private final Duration patience;
    private final Map<SourceKey, EndpointSet> lastKnown;
    private final List<EndpointListener> listeners = new ArrayList<>();
    private final Map<SourceKey, Entry> entries = new HashMap<>();

    /** Creates the source of a backend without starting it. */
    @FunctionalInterface
    public interface EndpointSourceFactory {

        /** @throws IllegalStateException when this process does not support such sources */
        EndpointSource create(SourceKey key, BackendConfig backend);
    }

    private record Entry(EndpointSource source, SourceState state) {}

    /**
     * @param confirmation debounce: how long an endpoint must be missing before it is drained
     * @param patience how long to wait for a source that is empty at first
     * @param lastKnown endpoints that a previous process stored; used until the source reports
     */
    public EndpointDirectory(
            EndpointSourceFactory factory,
            ScheduledExecutorService control,
            Duration confirmation,
            Duration patience,
            Map<SourceKey, EndpointSet> lastKnown) {
        this.factory = factory;
        this.control = control;
        this.confirmation = confirmation;
        this.patience = patience;
        this.lastKnown = new HashMap<>(lastKnown);
    }

    /** Adds a listener for all further changes. */
    public void addListener(EndpointListener listener) {
        listeners.add(listener);
    }

    /**
     * Starts watching these backends in addition to the current ones. Edited endpoint lists are not applied yet.
     *
     * @return completes when each has reported
     */
    public CompletableFuture<Void> require(Map<SourceKey, BackendConfig> backends) {
        assert ThreadRules.on(control);
        backends.forEach(this::watch);
        return CompletableFuture.allOf(
                backends.keySet().stream().map(key -> synced(key)).toArray(CompletableFuture[]::new));
    }

    /** Applies the endpoint lists in the document. */
    public void update(Map<SourceKey, BackendConfig> backends) {
        backends.forEach((key, backend) -> {
            Entry entry = entries.get(key);
            if (entry != null && entry.source() instanceof ListedSource listed && backend.endpoints() != null) {
                listed.update(backend.endpoints());
            }
        });
    }

    /** Stops watching all sources except {@code keep}, and forgets their endpoints. */
    public void retain(Set<SourceKey> keep) {
        stopAllBut(keep);
        lastKnown.keySet().retainAll(keep);
        listeners.forEach(listener -> listener.retained(keep));
    }

    private void stopAllBut(Set<SourceKey> keep) {
        for (Iterator<Map.Entry<SourceKey, Entry>> all = entries.entrySet().iterator(); all.hasNext(); ) {
            Map.Entry<SourceKey, Entry> next = all.next();
            if (!keep.contains(next.getKey())) {
                stop(next.getValue());
                all.remove();
            }
        }
    }

    /** The current endpoints of each source, as a new map. */
    public Map<SourceKey, EndpointSet> snapshot() {
        assert ThreadRules.on(control);
        Map<SourceKey, EndpointSet> snapshot = new HashMap<>();
        entries.forEach((key, entry) -> snapshot.put(key, entry.state().current()));
        return snapshot;
    }

    @Override
    public void close() {
        stopAllBut(Set.of());
    }

    private CompletableFuture<Void> synced(SourceKey key) {
        Entry entry = entries.get(key);
        return entry == null
                ? CompletableFuture.completedFuture(null)
                : entry.state().synced();
    }

    private void watch(SourceKey key, BackendConfig backend) {
        if (!entries.containsKey(key)) {
            SourceState state = new SourceState(key, new Broadcast(), control, confirmation, patience);
            EndpointSet before = lastKnown.remove(key);
            if (before != null) {
                state.restore(before);
            }
            EndpointSource source = factory.create(key, backend);
            entries.put(key, new Entry(source, state));
            source.start(state);
        }
    }

    private static void stop(Entry entry) {
        entry.state().close();
        entry.source().close();
    }

    private final class Broadcast implements EndpointListener {

        @Override
        public void changed(SourceKey source, EndpointSet endpoints) {
            listeners.forEach(listener -> listener.changed(source, endpoints));
        }

        @Override
        public void leaving(SourceKey source, EndpointKey endpoint) {
            listeners.forEach(listener -> listener.leaving(source, endpoint));
        }
    }
}
