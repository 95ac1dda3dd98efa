package dev.wsroute.proxy.discovery;

import dev.wsroute.config.BackendConfig;
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
 * All sources in use, each watched once however many rules refer to it. Every method is called on the control thread;
 * so are the listeners.
 */
public final class EndpointDirectory implements AutoCloseable {

    private final SourceFactory factory;
    private final ScheduledExecutorService control;
    private final Duration confirmation;
    private final Duration patience;
    private final Map<SourceKey, EndpointSet> lastKnown;
    private final List<EndpointListener> listeners = new ArrayList<>();
    private final Map<SourceKey, Entry> entries = new HashMap<>();

    /** Makes the source of a backend, not started yet. */
    @FunctionalInterface
    public interface SourceFactory {

        /** @throws IllegalStateException when this process cannot find endpoints of that kind */
        EndpointSource create(SourceKey key, BackendConfig backend);
    }

    private record Entry(EndpointSource source, SourceState state) {}

    /**
     * @param confirmation how long an endpoint must be missing before it counts as gone
     * @param patience how long a source that knows of nothing at first is waited for
     * @param lastKnown what was known when the process ended last; used until there is news
     */
    public EndpointDirectory(
            SourceFactory factory,
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

    /** Adds one that hears of every change from now on. */
    public void addListener(EndpointListener listener) {
        listeners.add(listener);
    }

    /**
     * Sees to it that these backends are watched, besides those that are already; takes no edited lists yet.
     *
     * @return completes when something is known of each of them
     */
    public CompletableFuture<Void> require(Map<SourceKey, BackendConfig> backends) {
        backends.forEach(this::watch);
        return CompletableFuture.allOf(
                backends.keySet().stream().map(key -> synced(key)).toArray(CompletableFuture[]::new));
    }

    /** Takes the lists of endpoints that the document itself has, as it has them now. */
    public void update(Map<SourceKey, BackendConfig> backends) {
        backends.forEach((key, backend) -> {
            Entry entry = entries.get(key);
            if (entry != null && entry.source() instanceof ListedSource listed && backend.endpoints() != null) {
                listed.update(backend.endpoints());
            }
        });
    }

    /** Stops watching everything but {@code keep}, and forgets what was known of it. */
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

    /** Every source with its newest endpoints, as a map of its own. */
    public Map<SourceKey, EndpointSet> snapshot() {
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
