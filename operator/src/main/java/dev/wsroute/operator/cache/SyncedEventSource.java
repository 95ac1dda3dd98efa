// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.cache;

import dev.wsroute.api.v1alpha1.WebSocketRoute;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.health.InformerHealthIndicator;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A watch that emits no events for its first list, since all routes are reconciled after startup anyway, once all watches
 * are in sync. JOSDK would keep each object of that list in memory until startup ends, and then trigger another
 * reconciliation for each: with thousands of routes, that is most of the memory and CPU time of a start.
 *
 * @param <R> kind of what is watched
 */
final class SyncedEventSource<R extends HasMetadata> extends InformerEventSource<R, WebSocketRoute> {

    /** Without these events there are only more reconciliations than necessary. */
    private static final Duration MOST_WAIT = Duration.ofSeconds(30);

    private static final Logger LOG = LoggerFactory.getLogger(SyncedEventSource.class);

    private final Semaphore lists;
    private final UnaryOperator<R> whole;
    private final StableIndex<R> index = new StableIndex<>();
    private final Object lock = new Object();
    /** Changes between the first list and the end of startup. */
    private final List<PendingChange<R>> pending = new ArrayList<>();
    /** Number of additions in each namespace of which the client has told until the end of startup. */
    private final Map<String, Integer> added = new HashMap<>();

    private boolean started;

    private record PendingChange<R>(@Nullable R before, R object) {}

    /**
     * @param lists permits for concurrent lists
     * @param whole reads the whole object of a {@link PartialObject}
     */
    SyncedEventSource(
            InformerEventSourceConfiguration<R> configuration,
            EventSourceContext<WebSocketRoute> context,
            Semaphore lists,
            UnaryOperator<R> whole) {
        super(configuration, context);
        this.lists = lists;
        this.whole = whole;
    }

    /** Returns once all objects are listed and indexed. */
    @Override
    public synchronized void start() {
        lists.acquireUninterruptibly();
        try {
            super.start();
        } finally {
            lists.release();
        }
        awaitAdditions();
        if (index.isUsed()) {
            list().forEach(object -> isolated(object, () -> index.put(object)));
        }
        synchronized (lock) {
            started = true;
            added.clear();
        }
        // No more changes are added from here on.
        pending.forEach(change -> {
            isolated(change.object(), () -> {
                addToIndex(change.before(), change.object());
                super.onAdd(change.object());
            });
        });
        pending.clear();
    }

    /**
     * Waits until the client has told of the first list. It does so on another thread, and considers a list complete that is in
     * the store. Within a namespace it tells of all additions in order, so at least as many precede the end of this list as are
     * in the store.
     */
    private void awaitAdditions() {
        Map<String, Long> stored =
                keys().collect(Collectors.groupingBy(key -> key.getNamespace().orElse(""), Collectors.counting()));
        long deadline = System.nanoTime() + MOST_WAIT.toNanos();
        try {
            synchronized (lock) {
                for (Map.Entry<String, Long> namespace : stored.entrySet()) {
                    while (added.getOrDefault(namespace.getKey(), 0) < namespace.getValue()) {
                        long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
                        if (left <= 0) {
                            LOG.debug("{} starts although events of its first list are missing", name());
                            return;
                        }
                        lock.wait(left);
                    }
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void addIndexers(Map<String, Function<R, List<String>>> more) {
        index.add(more);
    }

    @Override
    public List<R> byIndex(String name, String value) {
        return index.find(name, value).stream()
                .map(this::get)
                .flatMap(Optional::stream)
                .toList();
    }

    @Override
    public void onAdd(R object) {
        if (isStartedOrDefer(null, object)) {
            isolated(object, () -> {
                index.put(object);
                super.onAdd(object);
            });
        }
    }

    @Override
    public void onUpdate(R before, R object) {
        if (isStartedOrDefer(before, object)) {
            isolated(object, () -> {
                index.replace(before, object);
                super.onUpdate(before, object);
            });
        }
    }

    /** An object that is deleted during startup is no longer in the store, even if the index still has it. */
    @Override
    public void onDelete(R object, boolean unknown) {
        synchronized (lock) {
            if (!started) {
                return;
            }
        }
        isolated(object, () -> {
            index.remove(object);
            super.onDelete(object, unknown);
        });
    }

    /** A partial object is read from the API only here, not when all objects are processed. */
    @Override
    public Optional<R> get(ResourceID id) {
        return super.get(id).map(object -> PartialObject.isPartial(object) ? whole.apply(object) : object);
    }

    /** Skips an object whose handling throws; the watch continues with the others. */
    private static void isolated(HasMetadata object, Runnable handler) {
        try {
            handler.run();
        } catch (RuntimeException | StackOverflowError e) {
            LOG.error(
                    "{} {}/{} cannot be processed and is skipped",
                    object.getKind(),
                    object.getMetadata().getNamespace(),
                    object.getMetadata().getName(),
                    e);
        }
    }

    private void addToIndex(@Nullable R before, R object) {
        if (before == null) {
            index.put(object);
        } else {
            index.replace(before, object);
        }
    }

    /** Whether startup has ended. If not, and the first list is complete, the change is queued until then. */
    private boolean isStartedOrDefer(@Nullable R before, R object) {
        synchronized (lock) {
            if (!started && before == null) {
                added.merge(Objects.requireNonNullElse(object.getMetadata().getNamespace(), ""), 1, Integer::sum);
                lock.notifyAll();
            }
            if (!started && isListed()) {
                pending.add(new PendingChange<>(before, object));
            }
            return started;
        }
    }

    private boolean isListed() {
        return informerHealthIndicators().values().stream().allMatch(InformerHealthIndicator::hasSynced);
    }
}
