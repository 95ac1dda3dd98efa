package dev.wsroute.operator.cache;

import dev.wsroute.api.v1alpha1.WebSocketRoute;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.informers.cache.ItemStore;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;

/**
 * What the operator's watches hold, and how they come by it: lists in pages, of two kinds at a time, packed. So its memory
 * follows what there is and not how it comes in.
 *
 * <p>Of several namespaces, each has a watch of its own, and JOSDK has all watches of a kind share one store, in which each
 * would take the others' objects for deleted ones. There they hold plain objects.
 */
public final class Caches {

    /** Objects of a page, a few megabytes once they are read. */
    public static final long PAGE = 200;

    private static final int LISTS_AT_ONCE = 2;

    private final boolean packed;
    private final Semaphore lists = new Semaphore(LISTS_AT_ONCE);

    private Caches(boolean packed) {
        this.packed = packed;
    }

    /** @param namespaces that are watched; none, or the one that JOSDK writes for it, means all */
    public static Caches of(Set<String> namespaces) {
        return new Caches(namespaces.size() < 2);
    }

    /** As {@link #of(Set)}, by what the controller watches. */
    public static Caches of(EventSourceContext<WebSocketRoute> context) {
        return of(context.getControllerConfiguration().getInformerConfig().getNamespaces());
    }

    /** A store for objects whose managed fields nobody asks for; empty: the plain one. */
    public <R extends HasMetadata> Optional<ItemStore<R>> storeOf(Class<R> type) {
        return packed
                ? Optional.of(new CompressedItemStore<>(ObjectFormat.withoutManagedFields(type)))
                : Optional.empty();
    }

    /** A watch of objects that the operator writes: what it owns of them is in their managed fields. */
    public <R extends HasMetadata> InformerEventSource<R, WebSocketRoute> owned(
            Class<R> type,
            InformerEventSourceConfiguration.Builder<R> watch,
            EventSourceContext<WebSocketRoute> context) {
        if (packed) {
            watch.withItemStore(new CompressedItemStore<>(ObjectFormat.whole(type)));
        }
        return source(watch, context);
    }

    /** A watch of objects that the operator only reads. */
    public <R extends HasMetadata> InformerEventSource<R, WebSocketRoute> read(
            Class<R> type,
            InformerEventSourceConfiguration.Builder<R> watch,
            EventSourceContext<WebSocketRoute> context) {
        storeOf(type).ifPresent(watch::withItemStore);
        return source(watch, context);
    }

    private <R extends HasMetadata> InformerEventSource<R, WebSocketRoute> source(
            InformerEventSourceConfiguration.Builder<R> watch, EventSourceContext<WebSocketRoute> context) {
        return new SyncedEventSource<>(watch.withInformerListLimit(PAGE).build(), context, lists);
    }
}
