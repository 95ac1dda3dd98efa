// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.cluster.api.store;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * All objects, one sequence of resource versions, and a bounded history for watches that resume. Stored objects are never
 * changed in place: writers store new ones, and readers may keep what they have read. Use {@link #locked} for reads and
 * writes that belong together.
 */
public final class Store {

    /** Number of changes that a watch may lag before its version expires. */
    public static final int HISTORY = 20_000;

    private final Map<String, NavigableMap<ObjectKey, ObjectNode>> collections = new TreeMap<>();
    private final Deque<Change> history = new ArrayDeque<>();
    private final Set<Watcher> watchers = ConcurrentHashMap.newKeySet();
    private final List<Consumer<Change>> listeners = new ArrayList<>();
    private long version = 1;
    private long expiredUpTo = 0;

    public synchronized <T> T locked(Supplier<T> work) {
        return work.get();
    }

    /** Receives every change after the watches, with the lock held. */
    public synchronized void onChange(Consumer<Change> listener) {
        listeners.add(listener);
    }

    public synchronized long version() {
        return version;
    }

    public synchronized @Nullable ObjectNode get(String collection, ObjectKey key) {
        return objects(collection).get(key);
    }

    /** Returns the objects after {@code after} (null: all) in key order; namespace "" means all namespaces. */
    public synchronized List<Map.Entry<ObjectKey, ObjectNode>> list(
            String collection, String namespace, @Nullable ObjectKey after) {
        NavigableMap<ObjectKey, ObjectNode> all = objects(collection);
        NavigableMap<ObjectKey, ObjectNode> rest = after == null ? all : all.tailMap(after, false);
        return rest.entrySet().stream()
                .filter(e -> namespace.isEmpty() || e.getKey().namespace().equals(namespace))
                .map(e -> Map.entry(e.getKey(), e.getValue()))
                .toList();
    }

    public synchronized Set<String> collections() {
        return Set.copyOf(collections.keySet());
    }

    /** Stores an object, gives it the next resource version and notifies the watches. The store then owns the object. */
    public synchronized ObjectNode put(String collection, ObjectKey key, ObjectNode object) {
        version++;
        Json.metadata(object).put("resourceVersion", Long.toString(version));
        ObjectNode before = objects(collection).put(key, object);
        publish(new Change(version, collection, key, before, object, false));
        return object;
    }

    /** Returns the removed object with the resource version of its removal, as watches see it; null if it did not exist. */
    public synchronized @Nullable ObjectNode remove(String collection, ObjectKey key) {
        ObjectNode before = objects(collection).remove(key);
        if (before == null) {
            return null;
        }
        version++;
        ObjectNode last = before.deepCopy();
        Json.metadata(last).put("resourceVersion", Long.toString(version));
        publish(new Change(version, collection, key, before, last, true));
        return last;
    }

    /** Starts a watch with ADDED events for all existing objects. */
    public synchronized void watchFromNow(Watcher watcher) {
        objects(watcher.collection()).forEach((key, object) -> {
            if (watcher.selects(key, object)) {
                watcher.sink().event("ADDED", object);
            }
        });
        watchers.add(watcher);
    }

    /** Starts a watch with the changes since a version, or with an error 410 if these are no longer known. */
    public synchronized void watchFrom(long since, Watcher watcher) {
        if (since < expiredUpTo) {
            watcher.sink().event("ERROR", expired(since));
            watcher.sink().end();
            return;
        }
        history.stream().filter(change -> change.version() > since).forEach(watcher::follow);
        watchers.add(watcher);
    }

    public void stop(Watcher watcher) {
        watchers.remove(watcher);
    }

    /** Forgets the history and ends every watch with 410 Gone, so that clients must list again. */
    public synchronized void expireWatches() {
        version++;
        history.clear();
        expiredUpTo = version;
        for (Watcher watcher : List.copyOf(watchers)) {
            watchers.remove(watcher);
            watcher.sink().event("ERROR", expired(version - 1));
            watcher.sink().end();
        }
    }

    private ObjectNode expired(long since) {
        return ApiError.gone("too old resource version: " + since + " (" + expiredUpTo + ")")
                .status();
    }

    private void publish(Change change) {
        history.addLast(change);
        if (history.size() > HISTORY) {
            expiredUpTo = history.removeFirst().version();
        }
        for (Watcher watcher : watchers) {
            watcher.follow(change);
        }
        for (Consumer<Change> listener : listeners) {
            listener.accept(change);
        }
    }

    private NavigableMap<ObjectKey, ObjectNode> objects(String collection) {
        return collections.computeIfAbsent(collection, name -> new TreeMap<>());
    }
}
