package dev.wsroute.operator.cache;

import dev.wsroute.api.v1alpha1.WebSocketRoute;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.health.InformerHealthIndicator;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A watch whose first list is, as a rule, no news: every route is looked at after the start anyway, with all watches in
 * sync. JOSDK would keep each object of that list, whole, until the start has ended, and then have the routes looked at
 * once more for each: with thousands of routes that is most of the memory and of the work of a start.
 *
 * @param <R> kind of what is watched
 */
final class SyncedEventSource<R extends HasMetadata> extends InformerEventSource<R, WebSocketRoute> {

    private static final Logger LOG = LoggerFactory.getLogger(SyncedEventSource.class);

    private final Semaphore lists;
    private final UnaryOperator<R> whole;
    private final StableIndex<R> index = new StableIndex<>();
    private final Object news = new Object();
    /** What came after the first list and before the start had ended. */
    private final List<Early<R>> early = new ArrayList<>();

    private boolean started;

    private record Early<R>(@Nullable R before, R object) {}

    /**
     * @param lists a permit for each list that may be in progress at once
     * @param whole reads the object of a {@link Head}
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
            list().forEach(object -> contained(object, () -> index.put(object)));
        }
        synchronized (news) {
            started = true;
        }
        // From here on nobody adds any.
        early.forEach(change -> {
            contained(change.object(), () -> {
                change(change.before(), change.object());
                super.onAdd(change.object());
            });
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
            contained(object, () -> {
                index.put(object);
                super.onAdd(object);
            });
        }
    }

    @Override
    public void onUpdate(R before, R object) {
        if (isNews(before, object)) {
            contained(object, () -> {
                index.replace(before, object);
                super.onUpdate(before, object);
            });
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
        contained(object, () -> {
            index.remove(object);
            super.onDelete(object, unknown);
        });
    }

    /** An object held in part is read from the API only here, not where all objects are processed. */
    @Override
    public Optional<R> get(ResourceID id) {
        return super.get(id).map(object -> Head.isHead(object) ? whole.apply(object) : object);
    }

    /** An object whose handling throws is skipped, whatever is thrown; the watch goes on with the others. */
    private static void contained(HasMetadata object, Runnable news) {
        try {
            news.run();
        } catch (RuntimeException | StackOverflowError e) {
            LOG.error(
                    "{} {}/{} cannot be processed and is passed over",
                    object.getKind(),
                    object.getMetadata().getNamespace(),
                    object.getMetadata().getName(),
                    e);
        }
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
