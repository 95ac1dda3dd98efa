// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.route;

import dev.wsroute.api.v1alpha1.WebSocketRoute;
import dev.wsroute.api.v1alpha1.WebSocketRouteStatus;
import dev.wsroute.operator.compile.Compilation;
import dev.wsroute.operator.jwks.KeySetWatch;
import dev.wsroute.operator.policies.CurrentPolicies;
import dev.wsroute.operator.policies.RouteAccess;
import dev.wsroute.operator.resources.OwnedKinds;
import dev.wsroute.operator.resources.OwnedNames;
import dev.wsroute.operator.resources.ProxyModel;
import dev.wsroute.operator.status.ApplyOutcome;
import dev.wsroute.operator.status.CertificateHealth;
import dev.wsroute.operator.status.ChurnLimiter;
import dev.wsroute.operator.status.Observation;
import dev.wsroute.operator.status.ProxyReports;
import dev.wsroute.operator.status.StatusFactory;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.PrimaryUpdateAndCacheUtils;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.informer.ManagedInformerEventSource;
import java.net.HttpURLConnection;
import java.time.Clock;
import java.time.Duration;
import java.util.Comparator;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes a route's status if it has changed. */
public final class RouteStatus {

    private static final Logger LOG = LoggerFactory.getLogger(RouteStatus.class);

    /** Least time between two writes that change only counts of endpoints. */
    private static final Duration COUNTS_INTERVAL = Duration.ofSeconds(10);

    private static final int UNPROCESSABLE = 422;

    private final Autoscaler autoscaler;
    private final CurrentPolicies policies;
    private final StatusFactory factory;
    private final ChurnLimiter limiter;
    private final Clock clock;
    private final TransitionEvents events;
    private final ExpiryWarnings expiry;
    private final ReportCleanup reports;
    private final BooleanSupplier stopping;
    private final RouteKeySets keySets;

    /**
     * @param loopbackEndpoints whether pods have loopback addresses
     * @param autoscaler knows the decisions about the number of proxies
     * @param policies know what became of them in a route
     * @param keySets knows which key sets have a problem
     * @param stopping whether the process was asked to stop: nothing is written then, since the caches are being cleared
     */
    public RouteStatus(
            Clock clock,
            boolean loopbackEndpoints,
            Autoscaler autoscaler,
            CurrentPolicies policies,
            KeySetWatch keySets,
            BooleanSupplier stopping) {
        this.autoscaler = autoscaler;
        this.policies = policies;
        this.keySets = new RouteKeySets(keySets, clock);
        this.stopping = stopping;
        this.factory = new StatusFactory(clock, loopbackEndpoints);
        this.limiter = new ChurnLimiter(clock, COUNTS_INTERVAL);
        this.clock = clock;
        RouteEvents written = new RouteEvents(clock);
        this.events = new TransitionEvents(written);
        this.expiry = new ExpiryWarnings(clock, written);
        this.reports = new ReportCleanup(clock);
    }

    RouteKeySets keySets() {
        return keySets;
    }

    /** @return after what time to reconcile the route again even if no event arrives; zero: never */
    Duration write(
            WebSocketRoute route, Compilation compilation, ApplyOutcome outcome, Context<WebSocketRoute> context) {
        Observation observed = observe(route, context);
        if (stopping.getAsBoolean()) {
            return Duration.ZERO;
        }
        WebSocketRouteStatus after = factory.of(
                route,
                compilation,
                outcome,
                observed,
                autoscaler.last(route, observed),
                policies.accessOf(ResourceID.fromResource(route))
                        .map(RouteAccess::byPolicy)
                        .orElse(Map.of()),
                keySets.problems(route));
        WebSocketRouteStatus before = route.getStatus();
        Duration next = sooner(
                reports.removeStale(route, observed, context.getClient()),
                expiry.warn(
                        route,
                        CertificateHealth.in(observed, route, compilation, clock.instant()),
                        context.getClient()));
        if (after.equals(before)) {
            return next;
        }
        String uid = route.getMetadata().getUid();
        Duration delay = limiter.delay(uid, before, after);
        if (!delay.isZero()) {
            return sooner(delay, next);
        }
        if (patch(route, after, context)) {
            limiter.wrote(uid);
            events.emit(route, before, after, context.getClient());
        }
        return next;
    }

    /** The shorter of two delays, where zero means never. */
    private static Duration sooner(Duration a, Duration b) {
        return Stream.of(a, b)
                .filter(each -> !each.isZero())
                .min(Comparator.naturalOrder())
                .orElse(Duration.ZERO);
    }

    /** @return false if the status was not written because the route was deleted or the API considers it invalid */
    private static boolean patch(WebSocketRoute route, WebSocketRouteStatus status, Context<WebSocketRoute> context) {
        try {
            PrimaryUpdateAndCacheUtils.updateAndCacheResource(
                    route, context, same -> fresh(route, status), fresh -> apply(fresh, context));
            return true;
        } catch (NoSuchElementException e) {
            // Thrown if the route was deleted after a conflict.
            LOG.debug("The route was deleted", e);
            return false;
        } catch (InvalidRoute e) {
            LOG.warn(
                    "The API rejected the status of this route because it considers the route itself invalid: {}",
                    e.getMessage());
            return false;
        } catch (KubernetesClientException e) {
            if (e.getCode() != HttpURLConnection.HTTP_NOT_FOUND) {
                throw e;
            }
            LOG.debug("The route was deleted", e);
            return false;
        }
    }

    private static WebSocketRoute apply(WebSocketRoute fresh, Context<WebSocketRoute> context) {
        try {
            return context.getClient()
                    .resource(fresh)
                    .subresource("status")
                    .patch(new PatchContext.Builder()
                            .withForce(true)
                            .withFieldManager(OwnedNames.FIELD_MANAGER)
                            .withPatchType(PatchType.SERVER_SIDE_APPLY)
                            .build());
        } catch (KubernetesClientException e) {
            if (e.getCode() == UNPROCESSABLE) {
                throw new InvalidRoute(e);
            }
            throw e;
        }
    }

    /**
     * The stored route violates a newer rule of the CRD: without ratcheting (Kubernetes 1.30) the API validates the whole
     * route with each status. JOSDK would treat the rejection as a conflict and block the thread for seconds.
     */
    private static final class InvalidRoute extends RuntimeException {

        private static final long serialVersionUID = 1;
        private static final int MAX_REASON = 500;

        InvalidRoute(KubernetesClientException e) {
            super(reason(e), e);
        }

        private static String reason(KubernetesClientException e) {
            String text = String.valueOf(
                    e.getStatus() == null ? e.getMessage() : e.getStatus().getMessage());
            return text.length() <= MAX_REASON ? text : text.substring(0, MAX_REASON) + "…";
        }
    }

    static Observation observe(WebSocketRoute route, Context<WebSocketRoute> context) {
        String namespace = route.getMetadata().getNamespace();
        String name = route.getMetadata().getName();
        String proxy = OwnedNames.proxy(name);
        return new Observation(
                owned(Deployment.class, OwnedKinds.DEPLOYMENTS, proxy, namespace, context),
                owned(Service.class, OwnedKinds.SERVICES, proxy, namespace, context),
                owned(ConfigMap.class, OwnedKinds.CONFIG_MAPS, OwnedNames.report(name), namespace, context),
                BackendWatches.slices(context, namespace, proxy),
                () -> ProxyPods.of(namespace, name, context),
                service -> BackendWatches.slices(context, service.namespace(), service.name()));
    }

    /** Key sets in which proxies of {@code route} did not find the key of a token lately. */
    static Set<String> keySetsWithUnknownKeys(WebSocketRoute route, Context<WebSocketRoute> context) {
        int most = ProxyModel.mostReplicas(
                route.getSpec() == null ? null : route.getSpec().proxy());
        String proxy = OwnedNames.proxy(route.getMetadata().getName());
        return ProxyReports.in(observe(route, context), proxy, most).unknownKeys();
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
