// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.route;

import dev.wsroute.api.v1alpha1.WebSocketRoute;
import dev.wsroute.operator.compile.Compilation.Compiled;
import dev.wsroute.operator.jwks.PublishedSets;
import dev.wsroute.operator.resources.DiscoveryState;
import dev.wsroute.operator.resources.OwnedObject;
import dev.wsroute.operator.resources.OwnershipCheck;
import dev.wsroute.operator.resources.ProxyModel;
import dev.wsroute.operator.resources.SharedSecrets;
import dev.wsroute.operator.status.ApplyOutcome;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.javaoperatorsdk.operator.OperatorException;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import java.time.Clock;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** Writes the objects of an accepted route, unless another owner has one of their names. */
final class RouteApplier {

    private final String proxyImage;
    private final Clock clock;
    private final BooleanSupplier stopping;
    private final RouteFailures failures;
    private final RightsElsewhere rights;

    /**
     * @param proxyImage for routes that do not set one
     * @param stopping whether the process was asked to stop: the caches are cleared then, so missing objects mean nothing
     * @param failures what the API has refused so far
     * @param rights writes what proxies may read in other namespaces
     */
    RouteApplier(
            String proxyImage, Clock clock, BooleanSupplier stopping, RouteFailures failures, RightsElsewhere rights) {
        this.proxyImage = proxyImage;
        this.clock = clock;
        this.stopping = stopping;
        this.failures = failures;
        this.rights = rights;
    }

    /**
     * @param replicas number of proxies
     * @param keySets that were fetched for its proxies
     * @param discovery which backends' Services have their endpoints
     */
    ApplyOutcome apply(
            WebSocketRoute route,
            int replicas,
            Compiled compiled,
            PublishedSets keySets,
            DiscoveryState discovery,
            Context<WebSocketRoute> context) {
        Optional<ApplyOutcome.Failed> known = failures.known(route, compiled, discovery.settled(), context);
        if (known.isPresent()) {
            if (!stopping.getAsBoolean()) {
                // Another grant may have become the owner of the rights.
                rights.write(route, compiled, context);
            }
            return known.get();
        }
        OwnershipCheck ownership =
                OwnershipCheck.check(route, OwnedObject.of(route.getMetadata().getName(), compiled), context);
        if (!ownership.conflicts().isEmpty()) {
            return new ApplyOutcome.Conflicting(ownership.conflicts());
        }
        ProxyModel.of(
                        route,
                        replicas,
                        compiled,
                        proxyImage,
                        ownership.unlabelled(),
                        discovery,
                        SharedSecrets.of(route, compiled, ownership, context, clock.instant()),
                        keySets)
                .shareWith(context);
        if (stopping.getAsBoolean()) {
            return new ApplyOutcome.NotAttempted();
        }
        // Before the configuration, so that the proxies may read the endpoints once they know of them.
        Optional<ApplyOutcome.Failed> withoutRights = rights.write(route, compiled, context);
        try {
            context.managedWorkflowAndDependentResourceContext().reconcileManagedWorkflow();
        } catch (KubernetesClientException | OperatorException e) {
            if (!ApplyFailures.isPermanent(e)) {
                throw e;
            }
            return failures.invalid(route, compiled, discovery.settled(), context, e);
        }
        if (withoutRights.isPresent()) {
            return withoutRights.get();
        }
        return discovery.settled() ? new ApplyOutcome.Applied() : new ApplyOutcome.Waiting();
    }
}
