// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.limits;

import dev.wsroute.api.v1alpha1.WebSocketRoute;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.processing.event.Event;
import io.javaoperatorsdk.operator.processing.event.source.AbstractEventSource;
import io.javaoperatorsdk.operator.processing.event.source.Cache;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Watches the ConfigMap with the limits, and has every route reconciled when the limits change. The first list is read before
 * any route is reconciled.
 */
public final class LimitsWatch extends AbstractEventSource<ConfigMap, WebSocketRoute> {

    private static final String NAME = "limits";

    private final KubernetesClient client;
    private final Cache<WebSocketRoute> routes;
    private final CurrentLimits limits;
    /** Held from reading the store until the limits are in force, so that no older version comes after a newer one. */
    private final Object order = new Object();

    private @Nullable volatile SharedIndexInformer<ConfigMap> informer;

    /** @param limits kept up to date by this watch */
    public LimitsWatch(EventSourceContext<WebSocketRoute> context, CurrentLimits limits) {
        super(ConfigMap.class, NAME);
        this.client = context.getClient();
        this.routes = context.getPrimaryCache();
        this.limits = limits;
    }

    @Override
    public synchronized void start() {
        SharedIndexInformer<ConfigMap> started = client.configMaps()
                .inNamespace(limits.namespace())
                .withName(limits.name())
                .runnableInformer(0)
                // A missing permission fails the start; later errors, such as an API that restarts, are retried.
                .exceptionHandler((isStarted, e) -> isStarted)
                .addEventHandler(new Changes());
        informer = started;
        started.start().toCompletableFuture().join();
        observe(started);
        super.start();
    }

    @Override
    public synchronized void stop() {
        super.stop();
        SharedIndexInformer<ConfigMap> watched = informer;
        if (watched != null) {
            watched.stop();
        }
    }

    /** None: the limits belong to all routes. */
    @Override
    public Set<ConfigMap> getSecondaryResources(WebSocketRoute route) {
        return Set.of();
    }

    /** Takes over what is in the store, which is as new as the event or newer. */
    private boolean observe(SharedIndexInformer<ConfigMap> watched) {
        synchronized (order) {
            return limits.observe(watched.getStore().list().stream().findFirst().orElse(null));
        }
    }

    private void changed() {
        SharedIndexInformer<ConfigMap> watched = informer;
        if (watched != null && observe(watched)) {
            routes.keys().map(Event::new).forEach(getEventHandler()::handleEvent);
        }
    }

    private final class Changes implements ResourceEventHandler<ConfigMap> {

        @Override
        public void onAdd(ConfigMap map) {
            changed();
        }

        @Override
        public void onUpdate(ConfigMap before, ConfigMap map) {
            changed();
        }

        @Override
        public void onDelete(ConfigMap map, boolean unknown) {
            changed();
        }
    }
}
