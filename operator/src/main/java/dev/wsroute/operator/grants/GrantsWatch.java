// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.grants;

import dev.wsroute.api.v1alpha1.WebSocketRoute;
import dev.wsroute.operator.compile.BackendReferences;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.processing.event.Event;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.AbstractEventSource;
import io.javaoperatorsdk.operator.processing.event.source.IndexerResourceCache;
import java.time.Duration;
import java.util.ArrayList;
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
 * Watches ReferenceGrants, and has the routes reconciled that they are about. Whether the API serves them, and in which version,
 * is looked up at the start and from time to time, so the CRDs of Gateway API may come and go. The first list is read before any
 * route is reconciled.
 */
public final class GrantsWatch extends AbstractEventSource<GenericKubernetesResource, WebSocketRoute> {

    private static final Logger LOG = LoggerFactory.getLogger(GrantsWatch.class);
    private static final String NAME = "reference-grants";
    private static final String BY_NAMESPACE = "by-foreign-namespace";

    /** Key of all routes with a backend in another namespace. No namespace is called this. */
    private static final String ANY = "*";

    private static final Duration LOOK = Duration.ofSeconds(10);

    /**
     * How often in a row the API must say that it does not serve grants while some are known. If the CRD was deleted, the watch has
     * reported the end of each; a single answer may come from a server that has just started.
     */
    private static final int LOOKS_IN_VAIN = 3;

    /** Objects per page of a list. */
    private static final long PAGE = 100;

    private final KubernetesClient client;
    private final Set<String> namespaces;
    private final IndexerResourceCache<WebSocketRoute> routes;
    private final CurrentGrants grants;
    /** Held from reading a store until the grants are up to date, so that no older state comes after a newer one. */
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
     * @param namespaces that are watched; empty: all
     * @param grants kept up to date by this watch
     */
    public GrantsWatch(EventSourceContext<WebSocketRoute> context, Set<String> namespaces, CurrentGrants grants) {
        super(GenericKubernetesResource.class, NAME);
        this.client = context.getClient();
        this.namespaces = namespaces;
        this.routes = context.getPrimaryCache();
        this.grants = grants;
        routes.addIndexer(BY_NAMESPACE, GrantsWatch::keys);
    }

    private static List<String> keys(WebSocketRoute route) {
        List<String> keys = new ArrayList<>(BackendReferences.foreignNamespaces(route));
        if (!keys.isEmpty()) {
            keys.add(ANY);
        }
        return keys;
    }

    @Override
    public synchronized void start() {
        look();
        ScheduledExecutorService started = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, NAME);
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

    /** None: a grant may concern many routes. */
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
                LOG.warn("Cannot follow ReferenceGrants; trying again: {}", reason(e));
            }
        }
    }

    private static String reason(Throwable e) {
        return String.valueOf(
                e.getCause() == null ? e.getMessage() : e.getCause().getMessage());
    }

    private void look() {
        Optional<String> version = GrantsApi.version(client);
        Followed current = followed;
        if (version.isPresent()) {
            inVain = 0;
            if (current == null || !current.version().equals(version.get())) {
                follow(version.get(), current);
            }
        } else if (current != null && (grants.isEmpty() || ++inVain >= LOOKS_IN_VAIN)) {
            LOG.info("ReferenceGrant is not installed any more; no namespace permits backends of others");
            synchronized (order) {
                current.stop();
                followed = null;
                grants.retain(Set.of());
                grants.installed(false);
            }
            tell(ANY);
        }
    }

    private void follow(String version, @Nullable Followed before) {
        List<SharedIndexInformer<GenericKubernetesResource>> informers = new ArrayList<>();
        try {
            for (var selected : GrantsApi.of(client, version, namespaces)) {
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
                    put(informer, object);
                }
            }
            grants.retain(found);
            grants.installed(true);
        }
        if (before != null) {
            before.stop();
        }
        LOG.info("Namespaces can permit backends of others: watching ReferenceGrants of version {}", version);
        tell(ANY);
    }

    /** Takes over what is in the store, which is as new as the event or newer. */
    private boolean put(SharedIndexInformer<GenericKubernetesResource> informer, GenericKubernetesResource object) {
        GenericKubernetesResource stored =
                informer.getStore().getByKey(informer.getStore().getKey(object));
        return grants.put(
                object.getMetadata().getNamespace(), object.getMetadata().getName(), stored);
    }

    private void tell(String key) {
        if (isRunning()) {
            routes.byIndex(BY_NAMESPACE, key)
                    .forEach(route -> getEventHandler().handleEvent(new Event(ResourceID.fromResource(route))));
        }
    }

    /** Events before a list is complete, and of a version that is not followed any more, count for nothing. */
    private final class Changes implements ResourceEventHandler<GenericKubernetesResource> {

        private final SharedIndexInformer<GenericKubernetesResource> informer;

        Changes(SharedIndexInformer<GenericKubernetesResource> informer) {
            this.informer = informer;
        }

        @Override
        public void onAdd(GenericKubernetesResource grant) {
            changed(grant);
        }

        @Override
        public void onUpdate(GenericKubernetesResource before, GenericKubernetesResource grant) {
            changed(grant);
        }

        @Override
        public void onDelete(GenericKubernetesResource grant, boolean unknown) {
            changed(grant);
        }

        private void changed(GenericKubernetesResource grant) {
            boolean news;
            synchronized (order) {
                Followed current = followed;
                news = current != null && current.informers().contains(informer) && put(informer, grant);
            }
            if (news) {
                tell(grant.getMetadata().getNamespace());
            }
        }
    }
}
