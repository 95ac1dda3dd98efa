// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.cache;

import dev.wsroute.api.v1alpha1.WebSocketRoute;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.cache.ItemStore;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/**
 * Creates the operator's watches and their stores. Objects are listed in pages, two kinds at a time, and stored compressed
 * within a budget, so memory depends on the routes and not on what else tenants create.
 *
 * <p>If several namespaces are watched, each has its own watch, but JOSDK lets all watches of a kind share one store, in which
 * each would treat the others' objects as deleted. In that case the default stores are used, without a budget.
 */
public final class Caches {

    /** Objects per page: a few megabytes after parsing, since large objects are trimmed while the page arrives. */
    public static final long PAGE = 100;

    /** Slices per page: a slice has up to 1,000 endpoints, and all of them are counted. */
    public static final long SLICES_PAGE = 25;

    private static final int LISTS_AT_ONCE = 2;

    private final boolean packed;
    private final Semaphore lists = new Semaphore(LISTS_AT_ONCE);
    private final CacheBudget budget = CacheBudget.ofHeap();

    private Caches(boolean packed) {
        this.packed = packed;
    }

    /** @param namespaces to watch; none, or JOSDK's constant for all namespaces, means all */
    public static Caches of(Set<String> namespaces) {
        return new Caches(namespaces.size() < 2);
    }

    /** As {@link #of(Set)}, for the namespaces of the controller. */
    public static Caches of(EventSourceContext<WebSocketRoute> context) {
        return of(context.getControllerConfiguration().getInformerConfig().getNamespaces());
    }

    /** A store for objects whose managed fields are not needed; empty: use the default store. */
    public <R extends HasMetadata> Optional<ItemStore<R>> storeOf(Class<R> type) {
        return packed
                ? Optional.of(new CompressedItemStore<>(ObjectFormat.withoutManagedFields(type), budget))
                : Optional.empty();
    }

    /**
     * A watch of objects that the operator writes. They are stored with managed fields, which show what the operator owns. A
     * partial object is read from the API on access.
     */
    public <R extends HasMetadata> InformerEventSource<R, WebSocketRoute> owned(
            Class<R> type,
            InformerEventSourceConfiguration.Builder<R> watch,
            EventSourceContext<WebSocketRoute> context) {
        if (packed) {
            watch.withItemStore(new CompressedItemStore<>(ObjectFormat.whole(type), budget));
        }
        return source(watch, PAGE, context, partial -> whole(type, partial, context.getClient()));
    }

    /**
     * As {@link #owned}, of objects of which a watch gives only the metadata. Each is read when it is first needed, and again
     * once it has changed.
     *
     * @param mayBeRead whether an object is read at all; others stay partial
     */
    public <R extends HasMetadata> InformerEventSource<R, WebSocketRoute> readOnDemand(
            Class<R> type,
            InformerEventSourceConfiguration.Builder<R> watch,
            Predicate<R> mayBeRead,
            EventSourceContext<WebSocketRoute> context) {
        RecentlyRead<R> recent = new RecentlyRead<>(
                partial -> mayBeRead.test(partial) ? whole(type, partial, context.getClient()) : partial);
        storeOf(type).ifPresent(watch::withItemStore);
        return source(watch, PAGE, context, recent::read);
    }

    /** A watch of objects that the operator only reads, of a kind that it may also get. */
    public <R extends HasMetadata> InformerEventSource<R, WebSocketRoute> read(
            Class<R> type,
            InformerEventSourceConfiguration.Builder<R> watch,
            EventSourceContext<WebSocketRoute> context) {
        storeOf(type).ifPresent(watch::withItemStore);
        return source(watch, PAGE, context, partial -> whole(type, partial, context.getClient()));
    }

    /**
     * As {@link #read}, of a kind that the operator may list but not get: partial objects stay partial.
     *
     * @param page number of objects per page of a list
     */
    public <R extends HasMetadata> InformerEventSource<R, WebSocketRoute> listed(
            Class<R> type,
            long page,
            InformerEventSourceConfiguration.Builder<R> watch,
            EventSourceContext<WebSocketRoute> context) {
        storeOf(type).ifPresent(watch::withItemStore);
        return source(watch, page, context, UnaryOperator.identity());
    }

    private <R extends HasMetadata> InformerEventSource<R, WebSocketRoute> source(
            InformerEventSourceConfiguration.Builder<R> watch,
            long page,
            EventSourceContext<WebSocketRoute> context,
            UnaryOperator<R> whole) {
        return new SyncedEventSource<>(watch.withInformerListLimit(page).build(), context, lists, whole);
    }

    private static <R extends HasMetadata> R whole(Class<R> type, R partial, KubernetesClient client) {
        R object = client.resources(type)
                .inNamespace(partial.getMetadata().getNamespace())
                .withName(partial.getMetadata().getName())
                .get();
        return object == null ? partial : object;
    }
}
