// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.optional;

import dev.wsroute.api.v1alpha1.WebSocketRoute;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.FilterWatchListDeletable;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.javaoperatorsdk.operator.processing.event.Event;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.AbstractEventSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches a kind that the cluster may lack, and has the routes reconciled that its objects are about. Whether the API serves it, and
 * in which version, is looked up at the start and from time to time, so the CRD may come and go. The first list is read before any
 * route is reconciled.
 */
public abstract class OptionalKindWatch extends AbstractEventSource<GenericKubernetesResource, WebSocketRoute> {

    private static final Logger LOG = LoggerFactory.getLogger(OptionalKindWatch.class);

    private static final Duration LOOK = Duration.ofSeconds(10);

    /** Objects per page of a list. */
    private static final long PAGE = 100;

    private final KubernetesClient client;
    private final Set<String> namespaces;
    private final String kind;
    /** Held from reading a store until its objects are known, so that no older state comes after a newer one. */
    private final Object order = new Object();

    private volatile @Nullable Followed followed;
    private volatile @Nullable ScheduledExecutorService timer;
    private int inVain;
    private boolean complained;

    private record Followed(String version, List<SharedIndexInformer<GenericKubernetesResource>> informers) {

        void stop() {
            informers.forEach(SharedIndexInformer::stop);
        }
    }

    /**
     * @param name of the event source and of its thread
     * @param kind for the log
     * @param namespaces that are watched; empty: all
     */
    protected OptionalKindWatch(KubernetesClient client, String name, String kind, Set<String> namespaces) {
        super(GenericKubernetesResource.class, name);
        this.client = client;
        this.kind = kind;
        this.namespaces = namespaces;
    }

    /**
     * The version to watch; empty if the API serves none.
     *
     * @throws KubernetesClientException if the API cannot say
     */
    protected abstract Optional<String> version(KubernetesClient client);

    /**
     * The objects of each namespace.
     *
     * @param watched empty: all namespaces together
     */
    protected abstract List<FilterWatchListDeletable<GenericKubernetesResource, ?, ?>> objects(
            KubernetesClient client, String version, Set<String> watched);

    /**
     * Takes over the state of one object.
     *
     * @param object null if it is gone
     * @return the routes for which that changes something
     */
    protected abstract Collection<ResourceID> put(
            String namespace, String name, @Nullable GenericKubernetesResource object);

    /** Forgets the objects that are not among these, given as {@code namespace/name}. */
    protected abstract void retain(Set<String> keys);

    /** All routes that the kind may be about. */
    protected abstract Collection<ResourceID> routes();

    /**
     * The API began or ceased to serve the kind.
     *
     * @param version null if it is not served any more
     */
    protected abstract void installed(@Nullable String version);

    /**
     * Whether the kind is gone, so that known objects are forgotten.
     *
     * @param looks how often in a row the API has said that it does not serve the kind; a single answer may come from a server
     *     that has just started
     */
    protected abstract boolean isGone(int looks);

    @Override
    public synchronized void start() {
        look();
        ScheduledExecutorService started = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, name());
            thread.setDaemon(true);
            return thread;
        });
        timer = started;
        var unused = started.scheduleWithFixedDelay(
                this::lookAgain, LOOK.toMillis(), LOOK.toMillis(), TimeUnit.MILLISECONDS);
        super.start();
    }

    @Override
    public void stop() {
        super.stop();
        ScheduledExecutorService running = timer;
        if (running != null) {
            running.shutdownNow();
        }
        synchronized (order) {
            Followed current = followed;
            if (current != null) {
                current.stop();
                followed = null;
            }
        }
    }

    /** None: an object may concern many routes. */
    @Override
    public Set<GenericKubernetesResource> getSecondaryResources(WebSocketRoute route) {
        return Set.of();
    }

    private void lookAgain() {
        try {
            look();
            complained = false;
        } catch (RuntimeException e) {
            if (isRunning() && !complained) {
                complained = true;
                LOG.warn("Cannot follow objects of kind {}; trying again: {}", kind, reason(e));
            }
        }
    }

    private static String reason(Throwable e) {
        return String.valueOf(
                e.getCause() == null ? e.getMessage() : e.getCause().getMessage());
    }

    private void look() {
        Optional<String> version = version(client);
        Followed current = followed;
        if (version.isPresent()) {
            inVain = 0;
            if (current == null || !current.version().equals(version.get())) {
                follow(version.get(), current);
            }
        } else if (current != null && isGone(++inVain)) {
            synchronized (order) {
                current.stop();
                followed = null;
                retain(Set.of());
                installed(null);
            }
            tell(routes());
        }
    }

    private void follow(String version, @Nullable Followed before) {
        List<SharedIndexInformer<GenericKubernetesResource>> informers = new ArrayList<>();
        try {
            for (var selected : objects(client, version, namespaces)) {
                SharedIndexInformer<GenericKubernetesResource> informer =
                        selected.withLimit(PAGE).runnableInformer(0);
                informers.add(informer);
                informer.addEventHandler(new Changes(informer))
                        // A missing permission fails the start; later errors, such as an API that restarts, are
                        // retried.
                        .exceptionHandler((started, e) -> started)
                        .start()
                        .toCompletableFuture()
                        .join();
            }
        } catch (RuntimeException e) {
            informers.forEach(SharedIndexInformer::stop);
            throw e;
        }
        synchronized (order) {
            followed = new Followed(version, List.copyOf(informers));
            Set<String> found = new HashSet<>();
            for (SharedIndexInformer<GenericKubernetesResource> informer : informers) {
                for (GenericKubernetesResource object : informer.getStore().list()) {
                    found.add(informer.getStore().getKey(object));
                    var unused = putStored(informer, object);
                }
            }
            retain(found);
            installed(version);
        }
        if (before != null) {
            before.stop();
        }
        tell(routes());
    }

    /** Takes over what is in the store, which is as new as the event or newer. */
    private Collection<ResourceID> putStored(
            SharedIndexInformer<GenericKubernetesResource> informer, GenericKubernetesResource object) {
        GenericKubernetesResource stored =
                informer.getStore().getByKey(informer.getStore().getKey(object));
        return put(object.getMetadata().getNamespace(), object.getMetadata().getName(), stored);
    }

    private void tell(Collection<ResourceID> routes) {
        if (isRunning()) {
            routes.forEach(route -> getEventHandler().handleEvent(new Event(route)));
        }
    }

    /** Events before a list is complete, and of a version that is not followed any more, count for nothing. */
    private final class Changes implements ResourceEventHandler<GenericKubernetesResource> {

        private final SharedIndexInformer<GenericKubernetesResource> informer;

        Changes(SharedIndexInformer<GenericKubernetesResource> informer) {
            this.informer = informer;
        }

        @Override
        public void onAdd(GenericKubernetesResource object) {
            changed(object);
        }

        @Override
        public void onUpdate(GenericKubernetesResource before, GenericKubernetesResource object) {
            changed(object);
        }

        @Override
        public void onDelete(GenericKubernetesResource object, boolean unknown) {
            changed(object);
        }

        private void changed(GenericKubernetesResource object) {
            Collection<ResourceID> concerned = List.of();
            synchronized (order) {
                Followed current = followed;
                if (current != null && current.informers().contains(informer)) {
                    concerned = putStored(informer, object);
                }
            }
            tell(concerned);
        }
    }
}
