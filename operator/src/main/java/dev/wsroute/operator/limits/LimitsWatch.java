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
    private @Nullable SharedIndexInformer<ConfigMap> informer;

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
        limits.observe(started.getStore().list().stream().findFirst().orElse(null));
        super.start();
    }

    @Override
    public synchronized void stop() {
        super.stop();
        if (informer != null) {
            informer.stop();
        }
    }

    /** None: the limits belong to all routes. */
    @Override
    public Set<ConfigMap> getSecondaryResources(WebSocketRoute route) {
        return Set.of();
    }

    private void observe(@Nullable ConfigMap map) {
        if (limits.observe(map)) {
            routes.keys().map(Event::new).forEach(getEventHandler()::handleEvent);
        }
    }

    private final class Changes implements ResourceEventHandler<ConfigMap> {

        @Override
        public void onAdd(ConfigMap map) {
            observe(map);
        }

        @Override
        public void onUpdate(ConfigMap before, ConfigMap map) {
            observe(map);
        }

        @Override
        public void onDelete(ConfigMap map, boolean unknown) {
            observe(null);
        }
    }
}
