package dev.wsroute.operator.route;

import dev.wsroute.api.v1alpha1.WebSocketRoute;
import dev.wsroute.api.v1alpha1.WebSocketRouteStatus;
import dev.wsroute.operator.compile.Compilation;
import dev.wsroute.operator.resources.Names;
import dev.wsroute.operator.resources.OwnedKinds;
import dev.wsroute.operator.status.ChurnLimiter;
import dev.wsroute.operator.status.Observation;
import dev.wsroute.operator.status.Outcome;
import dev.wsroute.operator.status.StatusFactory;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.PrimaryUpdateAndCacheUtils;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.informer.ManagedInformerEventSource;
import java.net.HttpURLConnection;
import java.time.Clock;
import java.time.Duration;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes a route's status, when it differs from the one that the route bears. */
public final class RouteStatus {

    private static final Logger LOG = LoggerFactory.getLogger(RouteStatus.class);

    /** Least time between two writes that only count endpoints anew. */
    private static final Duration COUNTS_INTERVAL = Duration.ofSeconds(10);

    private final StatusFactory factory;
    private final ChurnLimiter limiter;
    private final TransitionEvents events;
    private final ReportCleanup reports;

    public RouteStatus(Clock clock) {
        this.factory = new StatusFactory(clock);
        this.limiter = new ChurnLimiter(clock, COUNTS_INTERVAL);
        this.events = new TransitionEvents(clock);
        this.reports = new ReportCleanup(clock);
    }

    /** @return when the route has to be looked at again, though nothing happens; zero: never */
    Duration write(WebSocketRoute route, Compilation compilation, Outcome outcome, Context<WebSocketRoute> context) {
        Observation observed = observe(route, context);
        WebSocketRouteStatus after = factory.of(route, compilation, outcome, observed);
        WebSocketRouteStatus before = route.getStatus();
        Duration next = reports.removeGone(route, observed, context.getClient());
        if (after.equals(before)) {
            return next;
        }
        String uid = route.getMetadata().getUid();
        Duration delay = limiter.delay(uid, before, after);
        if (!delay.isZero()) {
            return delay;
        }
        if (patch(route, after, context)) {
            limiter.wrote(uid);
            events.emit(route, before, after, context.getClient());
        }
        return next;
    }

    /** @return false when the route was deleted meanwhile, so that there is nobody left to tell */
    private static boolean patch(WebSocketRoute route, WebSocketRouteStatus status, Context<WebSocketRoute> context) {
        try {
            PrimaryUpdateAndCacheUtils.ssaPatchStatusAndCacheResource(route, fresh(route, status), context);
            return true;
        } catch (NoSuchElementException e) {
            // Thrown where a conflict was followed by the deletion.
            LOG.debug("The route is gone", e);
            return false;
        } catch (KubernetesClientException e) {
            if (e.getCode() != HttpURLConnection.HTTP_NOT_FOUND) {
                throw e;
            }
            LOG.debug("The route is gone", e);
            return false;
        }
    }

    private static Observation observe(WebSocketRoute route, Context<WebSocketRoute> context) {
        String namespace = route.getMetadata().getNamespace();
        String name = route.getMetadata().getName();
        String proxy = Names.proxy(name);
        return new Observation(
                owned(Deployment.class, OwnedKinds.DEPLOYMENTS, proxy, namespace, context),
                owned(Service.class, OwnedKinds.SERVICES, proxy, namespace, context),
                owned(ConfigMap.class, OwnedKinds.CONFIG_MAPS, Names.report(name), namespace, context),
                BackendWatches.slices(context, namespace, proxy),
                service -> BackendWatches.slices(context, namespace, service));
    }

    private static <R extends HasMetadata> @Nullable R owned(
            Class<R> type, String source, String name, String namespace, Context<WebSocketRoute> context) {
        var cache = context.eventSourceRetriever().getEventSourceFor(type, source);
        return type.cast(((ManagedInformerEventSource<?, ?, ?>) cache)
                .get(new ResourceID(name, namespace))
                .orElse(null));
    }

    private static WebSocketRoute fresh(WebSocketRoute route, WebSocketRouteStatus status) {
        WebSocketRoute fresh = new WebSocketRoute();
        fresh.setMetadata(new ObjectMetaBuilder()
                .withNamespace(route.getMetadata().getNamespace())
                .withName(route.getMetadata().getName())
                .build());
        fresh.setStatus(status);
        return fresh;
    }
}
