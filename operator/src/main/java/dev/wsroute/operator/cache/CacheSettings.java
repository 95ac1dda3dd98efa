package dev.wsroute.operator.cache;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.informers.cache.ItemStore;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import java.util.Optional;
import java.util.Set;

/**
 * How the watches of the operator read and hold the cluster.
 *
 * @param packed whether they hold it as {@link CompressedItemStore}
 */
public record CacheSettings(boolean packed) {

    /** A page of a list: few enough objects that a dozen lists at once fit in a small heap. */
    public static final long PAGE = 200;

    /**
     * By the namespaces that are watched. Of several, each has a watch of its own, and all watches of a kind would share one
     * store, in which each takes the others' objects for deleted ones: there they hold plain objects.
     *
     * @param namespaces all is none, or the one that JOSDK writes for it
     */
    public static CacheSettings of(Set<String> namespaces) {
        return new CacheSettings(namespaces.size() < 2);
    }

    /** As {@link #of(Set)}, by what the controller watches. */
    public static CacheSettings of(EventSourceContext<?> context) {
        return of(context.getControllerConfiguration().getInformerConfig().getNamespaces());
    }

    /** A store for one watch; empty: the plain one. */
    public <R extends HasMetadata> Optional<ItemStore<R>> store(Class<R> type) {
        return packed ? Optional.of(new CompressedItemStore<>(type)) : Optional.empty();
    }

    /** Applies them to a watch of {@code type}. */
    public <R extends HasMetadata> InformerEventSourceConfiguration.Builder<R> apply(
            Class<R> type, InformerEventSourceConfiguration.Builder<R> watch) {
        store(type).ifPresent(watch::withItemStore);
        return watch.withInformerListLimit(PAGE);
    }
}
