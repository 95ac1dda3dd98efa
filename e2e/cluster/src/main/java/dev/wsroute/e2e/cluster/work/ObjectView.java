// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.cluster.work;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.fabric8.kubernetes.client.informers.cache.Cache;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The objects of one kind as last seen by an informer, overlaid with later writes of this process. Without the overlay, a
 * controller that runs again before the watch has reported its last write would repeat that write, for example create a
 * second pod.
 */
public final class ObjectView<T extends HasMetadata> implements AutoCloseable {

    /** A deletion that the watch never reports, since it never showed the object, is forgotten after this time. */
    private static final Duration DELETION_AGE = Duration.ofSeconds(30);

    private final SharedIndexInformer<T> informer;
    private final Map<String, T> written = new ConcurrentHashMap<>();
    private final Map<String, Instant> deleted = new ConcurrentHashMap<>();
    private final List<Consumer<T>> listeners = new CopyOnWriteArrayList<>();

    /** Takes an informer that is not started yet. */
    public ObjectView(SharedIndexInformer<T> informer) {
        this.informer = informer;
        informer.addEventHandler(new ResourceEventHandler<T>() {
            @Override
            public void onAdd(T object) {
                seen(object);
            }

            @Override
            public void onUpdate(T before, T object) {
                if (!uid(before).equals(uid(object))) {
                    gone(before);
                }
                seen(object);
            }

            @Override
            public void onDelete(T object, boolean finalStateUnknown) {
                gone(object);
            }
        });
    }

    /** Calls {@code listener} with each object that appears, changes or disappears, on the informer's thread. */
    public void listen(Consumer<T> listener) {
        listeners.add(listener);
    }

    private void seen(T object) {
        if (object.getMetadata().getDeletionTimestamp() != null) {
            deleted.remove(uid(object));
        }
        listeners.forEach(listener -> listener.accept(object));
    }

    private void gone(T object) {
        deleted.remove(uid(object));
        listeners.forEach(listener -> listener.accept(object));
    }

    /** Records the response of the API server to a create, update or patch of this process. */
    public T wrote(T object) {
        written.put(uid(object), object);
        forget();
        return object;
    }

    /** Records that this process has requested the deletion of {@code object}. */
    public void deleted(T object) {
        deleted.put(uid(object), Instant.now());
    }

    /** Whether this process has requested the deletion of {@code object} and the watch has not reported it yet. */
    public boolean wasDeleted(T object) {
        return deleted.containsKey(uid(object));
    }

    /** Whether the watch still shows {@code object} itself, not another one of the same name. */
    public boolean holds(T object) {
        @Nullable T seen = informer.getStore().getByKey(NamespacedName.of(object).toString());
        return seen != null && uid(seen).equals(uid(object));
    }

    /** The object of that name. */
    public Optional<T> get(NamespacedName key) {
        List<T> ahead = ahead();
        @Nullable T seen = informer.getStore().getByKey(key.toString());
        return ahead.stream()
                .filter(mine -> NamespacedName.of(mine).equals(key))
                .filter(mine -> seen == null || isNewer(mine, seen))
                .findFirst()
                .or(() -> Optional.ofNullable(seen));
    }

    /** The objects of a namespace (of all if it is empty), in no particular order. */
    public Stream<T> list(String namespace) {
        List<T> ahead = ahead();
        Map<String, T> byUid = new HashMap<>();
        Collection<T> seen = namespace.isEmpty()
                ? informer.getStore().list()
                : informer.getIndexer().byIndex(Cache.NAMESPACE_INDEX, namespace);
        seen.forEach(object -> byUid.put(uid(object), object));
        for (T mine : ahead) {
            if (namespace.isEmpty() || namespace.equals(NamespacedName.of(mine).namespace())) {
                byUid.merge(uid(mine), mine, (was, own) -> isNewer(own, was) ? own : was);
            }
        }
        return byUid.values().stream();
    }

    /**
     * Writes that the watch has not reported yet. Read this before the informer's store: what the watch has reported is in
     * the store, or deleted.
     */
    private List<T> ahead() {
        forget();
        return List.copyOf(written.values());
    }

    private void forget() {
        Instant oldest = Instant.now().minus(DELETION_AGE);
        deleted.values().removeIf(at -> at.isBefore(oldest));
        @Nullable String told = informer.lastSyncResourceVersion();
        if (told != null && !told.isEmpty()) {
            long version = Long.parseLong(told);
            written.values().removeIf(mine -> version(mine) <= version);
        }
    }

    /** Compares resource versions as numbers, which Kubernetes allows since 1.35. */
    private static boolean isNewer(HasMetadata one, HasMetadata other) {
        return version(one) > version(other);
    }

    private static long version(HasMetadata object) {
        return Long.parseLong(object.getMetadata().getResourceVersion());
    }

    private static String uid(HasMetadata object) {
        return object.getMetadata().getUid();
    }

    /** Starts to list and watch. Completes with the first list. */
    public CompletionStage<Void> start() {
        return informer.start();
    }

    @Override
    public void close() {
        informer.stop();
    }
}
