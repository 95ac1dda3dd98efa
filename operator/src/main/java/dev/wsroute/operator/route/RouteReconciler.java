// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.route;

import dev.wsroute.api.v1alpha1.WebSocketRoute;
import dev.wsroute.operator.cache.Caches;
import dev.wsroute.operator.cache.PartialObject;
import dev.wsroute.operator.compile.Compilation;
import dev.wsroute.operator.compile.Compilation.Compiled;
import dev.wsroute.operator.compile.Compilation.Refused;
import dev.wsroute.operator.compile.RouteCompiler;
import dev.wsroute.operator.grants.CurrentGrants;
import dev.wsroute.operator.grants.GrantsWatch;
import dev.wsroute.operator.jwks.KeySetWatch;
import dev.wsroute.operator.jwks.PublishedSets;
import dev.wsroute.operator.limits.CurrentLimits;
import dev.wsroute.operator.limits.LimitsWatch;
import dev.wsroute.operator.policies.CurrentPolicies;
import dev.wsroute.operator.policies.PoliciesWatch;
import dev.wsroute.operator.policies.RouteAccess;
import dev.wsroute.operator.resources.BackendDiscoveryServices;
import dev.wsroute.operator.resources.DiscoverySettled;
import dev.wsroute.operator.resources.DiscoveryState;
import dev.wsroute.operator.resources.OwnedKinds;
import dev.wsroute.operator.resources.OwnedNames;
import dev.wsroute.operator.resources.ProxyConfigMap;
import dev.wsroute.operator.resources.ProxyDeployment;
import dev.wsroute.operator.resources.ProxyDisruptionBudget;
import dev.wsroute.operator.resources.ProxyKeySets;
import dev.wsroute.operator.resources.ProxyModel;
import dev.wsroute.operator.resources.ProxyPodLabels;
import dev.wsroute.operator.resources.ProxyReportMap;
import dev.wsroute.operator.resources.ProxyRole;
import dev.wsroute.operator.resources.ProxyRoleBinding;
import dev.wsroute.operator.resources.ProxyService;
import dev.wsroute.operator.resources.ProxyServiceAccount;
import dev.wsroute.operator.resources.ProxySessionKey;
import dev.wsroute.operator.resources.ProxyTicketKeys;
import dev.wsroute.operator.resources.WrittenRights;
import dev.wsroute.operator.route.DiscoveryProgress.Progress;
import dev.wsroute.operator.scaling.ScalingDecision;
import dev.wsroute.operator.status.ApplyOutcome;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.ErrorStatusUpdateControl;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.api.reconciler.Workflow;
import io.javaoperatorsdk.operator.api.reconciler.dependent.Dependent;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import java.time.Clock;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns a {@link WebSocketRoute} into a running proxy: compiles it, checks that no object of another owner has a name that
 * it needs, writes the objects below, and writes the status. A rejected route keeps the objects of its last accepted spec.
 */
@ControllerConfiguration(name = RouteReconciler.NAME, fieldManager = OwnedNames.FIELD_MANAGER)
@Workflow(
        explicitInvocation = true,
        dependents = {
            @Dependent(
                    name = ProxyConfigMap.NAME,
                    type = ProxyConfigMap.class,
                    useEventSourceWithName = OwnedKinds.CONFIG_MAPS,
                    dependsOn = {
                        BackendDiscoveryServices.NAME,
                        ProxySessionKey.NAME,
                        ProxyTicketKeys.NAME,
                        ProxyKeySets.NAME,
                        ProxyRole.NAME
                    }),
            @Dependent(
                    name = ProxyReportMap.NAME,
                    type = ProxyReportMap.class,
                    useEventSourceWithName = OwnedKinds.CONFIG_MAPS),
            @Dependent(
                    name = ProxySessionKey.NAME,
                    type = ProxySessionKey.class,
                    useEventSourceWithName = OwnedKinds.SECRETS),
            @Dependent(
                    name = ProxyTicketKeys.NAME,
                    type = ProxyTicketKeys.class,
                    useEventSourceWithName = OwnedKinds.SECRETS),
            @Dependent(
                    name = ProxyKeySets.NAME,
                    type = ProxyKeySets.class,
                    useEventSourceWithName = OwnedKinds.CONFIG_MAPS),
            @Dependent(
                    name = BackendDiscoveryServices.NAME,
                    type = BackendDiscoveryServices.class,
                    useEventSourceWithName = OwnedKinds.SERVICES,
                    readyPostcondition = DiscoverySettled.class),
            @Dependent(
                    name = ProxyServiceAccount.NAME,
                    type = ProxyServiceAccount.class,
                    useEventSourceWithName = OwnedKinds.SERVICE_ACCOUNTS),
            @Dependent(name = ProxyRole.NAME, type = ProxyRole.class, useEventSourceWithName = OwnedKinds.ROLES),
            @Dependent(
                    name = ProxyRoleBinding.NAME,
                    type = ProxyRoleBinding.class,
                    useEventSourceWithName = OwnedKinds.ROLE_BINDINGS,
                    dependsOn = {ProxyServiceAccount.NAME, ProxyRole.NAME}),
            @Dependent(
                    name = ProxyService.NAME,
                    type = ProxyService.class,
                    useEventSourceWithName = OwnedKinds.SERVICES),
            @Dependent(
                    name = ProxyDeployment.NAME,
                    type = ProxyDeployment.class,
                    useEventSourceWithName = OwnedKinds.DEPLOYMENTS,
                    dependsOn = {ProxyConfigMap.NAME, ProxyReportMap.NAME, ProxyRoleBinding.NAME}),
            @Dependent(
                    name = ProxyDisruptionBudget.NAME,
                    type = ProxyDisruptionBudget.class,
                    useEventSourceWithName = OwnedKinds.DISRUPTION_BUDGETS),
        })
public final class RouteReconciler implements Reconciler<WebSocketRoute> {

    /** Name of the controller, in logs and metrics. */
    public static final String NAME = "websocketroute";

    private static final Logger LOG = LoggerFactory.getLogger(RouteReconciler.class);

    /** Conflicting objects of other owners are not watched, nor is what keeps other namespaces from taking objects. */
    private static final Duration RECHECK = Duration.ofSeconds(10);

    private static final Duration SOONEST = Duration.ofMillis(100);

    /** Far longer than a cluster takes to create an EndpointSlice, and acceptable if it creates none. */
    private static final Duration SLICE_TIMEOUT = Duration.ofSeconds(5);

    private final BooleanSupplier stopping;
    private final RouteStatus status;
    private final Autoscaler autoscaler;
    private final Clock clock;
    private final DiscoveryProgress discovery;
    private final LargeRoutes large = new LargeRoutes();
    private final RouteFailures failures;
    private final RouteApplier applier;
    private final CurrentLimits limits;
    private final CurrentGrants grants;
    private final CurrentPolicies policies;
    private final Set<String> namespaces;
    private final BooleanSupplier leading;
    private final WithdrawnBackends withdrawn;
    private final RightsElsewhere rights = new RightsElsewhere();
    private final KeySetWatch keySetWatch;
    private final RouteKeySets keySets;

    /**
     * @param proxyImage for routes that do not set one
     * @param namespaces that are watched; empty: all
     * @param limits of what routes may ask for; followed from the start on
     * @param policies of routes; followed from the start on
     * @param keySetWatch fetches key sets
     * @param autoscaler decides how many proxies a route gets
     * @param leading whether this operator is the one that acts
     * @param stopping whether the process was asked to stop: the caches are cleared then, so missing objects mean nothing
     */
    public RouteReconciler(
            String proxyImage,
            Set<String> namespaces,
            CurrentLimits limits,
            CurrentPolicies policies,
            KeySetWatch keySetWatch,
            RouteStatus status,
            Autoscaler autoscaler,
            Clock clock,
            BooleanSupplier leading,
            BooleanSupplier stopping) {
        this.limits = limits;
        this.policies = policies;
        this.keySetWatch = keySetWatch;
        this.keySets = status.keySets();
        this.namespaces = namespaces;
        this.grants = new CurrentGrants(namespaces);
        this.withdrawn = new WithdrawnBackends(grants);
        this.leading = leading;
        this.autoscaler = autoscaler;
        this.stopping = stopping;
        this.status = status;
        this.clock = clock;
        this.discovery = new DiscoveryProgress(new SliceWait(clock, SLICE_TIMEOUT));
        this.failures = new RouteFailures(status, clock);
        this.applier = new RouteApplier(proxyImage, clock, stopping, failures, rights);
    }

    @Override
    public List<EventSource<?, WebSocketRoute>> prepareEventSources(EventSourceContext<WebSocketRoute> context) {
        Caches caches = Caches.of(context);
        List<EventSource<?, WebSocketRoute>> owned = OwnedKinds.eventSources(context, caches);
        return Stream.of(
                        owned.stream(),
                        BackendWatches.eventSources(context, caches, policies).stream(),
                        Stream.<EventSource<?, WebSocketRoute>>of(
                                ProxyPods.eventSource(context, caches),
                                new LimitsWatch(context, limits),
                                new GrantsWatch(context, namespaces, grants),
                                new PoliciesWatch(context, namespaces, policies, clock, this::isActing),
                                keySetWatch.in(context),
                                new RightsSweep(context, WrittenRights.indexedIn(owned), grants, this::isActing),
                                new RouteDeletions(this::forget)))
                .flatMap(Function.identity())
                .toList();
    }

    private boolean isActing() {
        return leading.getAsBoolean() && !stopping.getAsBoolean();
    }

    private void forget(WebSocketRoute route) {
        policies.forget(route);
        autoscaler.forget(route);
        rights.forget(route);
        keySets.forget(route);
    }

    /** Wraps errors, since the framework would never reconcile a route again after one. */
    @Override
    public UpdateControl<WebSocketRoute> reconcile(WebSocketRoute route, Context<WebSocketRoute> context) {
        if (stopping.getAsBoolean() || failures.isTerminating(route)) {
            return UpdateControl.noUpdate();
        }
        try {
            Duration next = PartialObject.isPartial(route)
                    ? large.reconcile(route, context.getClient(), whole -> reconcileRoute(whole, context))
                    : reconcileRoute(route, context);
            return next.isZero()
                    ? UpdateControl.noUpdate()
                    : UpdateControl.<WebSocketRoute>noUpdate().rescheduleAfter(next);
        } catch (Error e) {
            throw new UnprocessableRouteException(e);
        }
    }

    /** @return after what time to reconcile the route again even if no event arrives; zero: never */
    private Duration reconcileRoute(WebSocketRoute written, Context<WebSocketRoute> context) {
        WebSocketRoute route = policies.applyTo(written);
        Compilation compilation = compile(route, context);
        Progress progress = compilation instanceof Compiled compiled
                ? discovery.of(route, compiled, context)
                : new Progress(new DiscoveryState(Set.of(), true), Duration.ZERO);
        Optional<ScalingDecision> scaling = compilation instanceof Compiled
                ? autoscaler.decide(route, RouteStatus.observe(route, context), context.getClient())
                : Optional.empty();
        PublishedSets published = keySets.decide(route, compilation, context);
        ApplyOutcome outcome = compilation instanceof Compiled compiled
                ? applier.apply(route, replicas(route, scaling), compiled, published, progress.discovery(), context)
                : new ApplyOutcome.NotAttempted();
        if (!(outcome instanceof ApplyOutcome.Applied)) {
            withdrawn.remove(route, context);
        }
        keySets.publish(route, outcome, published, context);
        failures.reconciled(route, outcome);
        Duration next = status.write(route, compilation, outcome, context);
        return Stream.of(
                        next,
                        progress.recheck(),
                        failures.pause(route),
                        keySets.next(published),
                        scaling.map(ScalingDecision::recheck).orElse(Duration.ZERO),
                        ProxyTicketKeys.untilRotation(context, clock.instant()).orElse(Duration.ZERO),
                        outcome instanceof ApplyOutcome.Conflicting
                                        || (outcome instanceof ApplyOutcome.Failed failed && !failed.permanent())
                                ? RECHECK
                                : Duration.ZERO)
                .filter(delay -> !delay.isZero())
                .min(Comparator.naturalOrder())
                // What was due while this reconciliation ran: a negative delay would end the route's timer.
                .map(delay -> delay.compareTo(SOONEST) < 0 ? SOONEST : delay)
                .orElse(Duration.ZERO);
    }

    private static int replicas(WebSocketRoute route, Optional<ScalingDecision> scaling) {
        return scaling.map(ScalingDecision::desired)
                .orElseGet(() -> ProxyModel.replicas(route.getSpec().proxy()));
    }

    /** @param route with the access of its policies */
    private Compilation compile(WebSocketRoute route, Context<WebSocketRoute> context) {
        try {
            Compilation compilation = RouteCompiler.compile(
                    route,
                    name -> BackendWatches.service(context, route.getMetadata().getNamespace(), name),
                    BackendWatches.foreignServices(context, route.getMetadata().getNamespace(), grants),
                    ProxyPodLabels.of(route));
            // Of valid routes only: the check reads durations and quantities.
            List<String> beyond = compilation instanceof Compiled ? limits.problems(route) : List.of();
            return policies.accessOf(ResourceID.fromResource(route))
                    .orElse(RouteAccess.UNTOUCHED)
                    .named(beyond.isEmpty() ? compilation : new Refused(Refused.RefusalReason.NotAllowed, beyond));
        } catch (KubernetesClientException e) {
            throw e;
        } catch (RuntimeException | StackOverflowError e) {
            throw new UnprocessableRouteException(e);
        }
    }

    @Override
    public ErrorStatusUpdateControl<WebSocketRoute> updateErrorStatus(
            WebSocketRoute route, Context<WebSocketRoute> context, Exception e) {
        if (stopping.getAsBoolean()) {
            LOG.debug("Shutting down; the next operator takes over", e);
            return ErrorStatusUpdateControl.<WebSocketRoute>noStatusUpdate().withNoRetry();
        }
        try {
            return failures.failed(route, context, e, () -> compile(policies.applyTo(route), context));
        } catch (Error fatal) {
            LOG.error("The status of the route cannot be written", fatal);
            return ErrorStatusUpdateControl.noStatusUpdate();
        }
    }
}
