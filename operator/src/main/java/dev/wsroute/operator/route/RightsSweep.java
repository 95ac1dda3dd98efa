// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.route;

import dev.wsroute.api.v1alpha1.WebSocketRoute;
import dev.wsroute.operator.grants.CurrentGrants;
import dev.wsroute.operator.resources.BackendRights;
import dev.wsroute.operator.resources.WrittenRights;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.AbstractEventSource;
import io.javaoperatorsdk.operator.processing.event.source.Cache;
import io.javaoperatorsdk.operator.processing.event.source.ResourceEventAware;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes the rights in other namespaces that are left over: of routes that are gone, since nothing there belongs to the route and
 * garbage collection leaves them; and where no grant permits them any more, whatever the state of the route. Looks at once when a route
 * is deleted, and from time to time. Sends no events.
 */
final class RightsSweep extends AbstractEventSource<Void, WebSocketRoute>
        implements ResourceEventAware<WebSocketRoute> {

    private static final Logger LOG = LoggerFactory.getLogger(RightsSweep.class);
    private static final String NAME = "rights-sweep";
    private static final Duration INTERVAL = Duration.ofSeconds(10);

    private final WrittenRights rights;
    private final Cache<WebSocketRoute> routes;
    private final KubernetesClient client;
    private final CurrentGrants grants;
    private final BooleanSupplier acting;
    private volatile @Nullable ScheduledExecutorService timer;

    /**
     * @param grants also tells whether this operator serves the routes of a namespace; those of others it does not know
     * @param acting whether this operator is the leader and not stopping
     */
    RightsSweep(
            EventSourceContext<WebSocketRoute> context,
            WrittenRights rights,
            CurrentGrants grants,
            BooleanSupplier acting) {
        super(Void.class, NAME);
        this.rights = rights;
        this.routes = context.getPrimaryCache();
        this.client = context.getClient();
        this.grants = grants;
        this.acting = acting;
    }

    @Override
    public synchronized void start() {
        ScheduledExecutorService started = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, NAME);
            thread.setDaemon(true);
            return thread;
        });
        timer = started;
        var unused = started.scheduleWithFixedDelay(
                this::sweep, INTERVAL.toMillis(), INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
        super.start();
    }

    @Override
    public synchronized void stop() {
        super.stop();
        ScheduledExecutorService running = timer;
        if (running != null) {
            running.shutdownNow();
        }
    }

    @Override
    public void onResourceDeleted(WebSocketRoute route) {
        ScheduledExecutorService running = timer;
        if (running != null) {
            try {
                running.execute(this::sweep);
            } catch (RejectedExecutionException e) {
                LOG.debug("Stopping; the next operator removes what is left of {}", route.getMetadata());
            }
        }
    }

    private void sweep() {
        try {
            rights.all().stream()
                    .filter(object -> BackendRights.routeOf(object)
                            .filter(route ->
                                    isLeftOver(route, object.getMetadata().getNamespace()))
                            .isPresent())
                    .forEach(this::remove);
        } catch (RuntimeException e) {
            LOG.debug("Rights that are left over cannot be removed now", e);
        }
    }

    private boolean isLeftOver(ResourceID route, String namespace) {
        String ofRoute = route.getNamespace().orElse("");
        return grants.serves(ofRoute) && (!routes.contains(route) || !grants.permitsAny(ofRoute, namespace));
    }

    private void remove(HasMetadata object) {
        if (acting.getAsBoolean()) {
            String failure = RightsElsewhere.delete(object, client);
            if (failure == null) {
                LOG.info(
                        "Removed {}, which no route may need any more: {}",
                        object.getKind(),
                        object.getMetadata().getName());
            } else {
                LOG.debug("{} Trying again", failure);
            }
        }
    }

    @Override
    public Set<Void> getSecondaryResources(WebSocketRoute route) {
        return Set.of();
    }
}
