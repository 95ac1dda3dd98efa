package dev.wsroute.operator.cache;

import dev.wsroute.api.v1alpha1.WebSocketRoute;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.health.InformerHealthIndicator;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A watch whose first list is, as a rule, no news: every route is looked at after the start anyway, with all watches in
 * sync. JOSDK would keep each object of that list, whole, until the start has ended, and then have the routes looked at
 * once more for each: with thousands of routes that is most of the memory and of the work of a start.
 *
 * @param <R> kind of what is watched
 */
final class SyncedEventSource<R extends HasMetadata> extends InformerEventSource<R, WebSocketRoute> {

    private final Semaphore lists;
    private final StableIndex<R> index = new StableIndex<>();
    private final Object news = new Object();
    /** What came after the first list and before the start had ended. */
    private final List<Early<R>> early = new ArrayList<>();

    private boolean started;

    private record Early<R>(@Nullable R before, R object) {}

    /** @param lists a permit for each that may be under way at once */
    SyncedEventSource(
            InformerEventSourceConfiguration<R> configuration,
            EventSourceContext<WebSocketRoute> context,
            Semaphore lists) {
        super(configuration, context);
        this.lists = lists;
    }

    /** Returns once everything is listed and found by its route. */
    @Override
    public synchronized void start() {
        lists.acquireUninterruptibly();
        try {
            super.start();
        } finally {
            lists.release();
        }
        if (index.isUsed()) {
            list().forEach(index::put);
        }
        synchronized (news) {
            started = true;
        }
        // From here on nobody adds any.
        early.forEach(change -> {
            change(change.before(), change.object());
            super.onAdd(change.object());
        });
        early.clear();
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
        if (isNews(null, object)) {
            index.put(object);
            super.onAdd(object);
        }
    }

    @Override
    public void onUpdate(R before, R object) {
        if (isNews(before, object)) {
            index.replace(before, object);
            super.onUpdate(before, object);
        }
    }

    /** One that goes before the start has ended is not found any more, whatever an index says. */
    @Override
    public void onDelete(R object, boolean unknown) {
        synchronized (news) {
            if (!started) {
                return;
            }
        }
        index.remove(object);
        super.onDelete(object, unknown);
    }

    private void change(@Nullable R before, R object) {
        if (before == null) {
            index.put(object);
        } else {
            index.replace(before, object);
        }
    }

    private boolean isNews(@Nullable R before, R object) {
        synchronized (news) {
            if (!started && isListed()) {
                early.add(new Early<>(before, object));
            }
            return started;
        }
    }

    private boolean isListed() {
        return informerHealthIndicators().values().stream().allMatch(InformerHealthIndicator::hasSynced);
    }
}
