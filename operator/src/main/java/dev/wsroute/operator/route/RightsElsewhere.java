// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.route;

import dev.wsroute.api.v1alpha1.WebSocketRoute;
import dev.wsroute.operator.compile.Compilation.Compiled;
import dev.wsroute.operator.resources.BackendRights;
import dev.wsroute.operator.resources.OwnedNames;
import dev.wsroute.operator.resources.WrittenRights;
import dev.wsroute.operator.status.ApplyOutcome.Failed;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes what the proxies of a route may read in other namespaces, and removes what they need no more. These objects are no
 * dependents of the route: a namespace that is being deleted, or where the operator may not write, holds up nothing of the route
 * but its backends there.
 */
final class RightsElsewhere {

    private static final Logger LOG = LoggerFactory.getLogger(RightsElsewhere.class);

    private static final PatchContext APPLY = new PatchContext.Builder()
            .withForce(true)
            .withFieldManager(OwnedNames.FIELD_MANAGER)
            .withPatchType(PatchType.SERVER_SIDE_APPLY)
            .build();

    /** What was logged last, by uid of the route. */
    private final ConcurrentHashMap<String, String> complaints = new ConcurrentHashMap<>();

    /** @return what is missing; empty if everything is as it should be */
    Optional<Failed> write(WebSocketRoute route, Compiled compiled, Context<WebSocketRoute> context) {
        WrittenRights written = WrittenRights.in(context);
        String problem = null;
        for (var granted : compiled.grantedNamespaces().entrySet()) {
            BackendRights rights = new BackendRights(
                    granted.getKey(),
                    route.getMetadata().getNamespace(),
                    route.getMetadata().getName(),
                    granted.getValue());
            for (HasMetadata desired : List.of(rights.role(), rights.binding())) {
                String failure = write(rights, desired, written, context.getClient());
                problem = problem == null ? failure : problem;
            }
        }
        for (HasMetadata object : written.of(ResourceID.fromResource(route))) {
            if (!compiled.grantedNamespaces().containsKey(object.getMetadata().getNamespace())) {
                String failure = delete(object, context.getClient());
                problem = problem == null ? failure : problem;
            }
        }
        return complain(route, problem);
    }

    private static @Nullable String write(
            BackendRights rights, HasMetadata desired, WrittenRights written, KubernetesClient client) {
        String who = name(desired);
        try {
            HasMetadata actual = written.like(desired)
                    .orElseGet(() -> client.resource(desired).get());
            if (actual != null && BackendRights.isForeign(actual)) {
                return who + ", by which proxies could read the endpoints there, exists and does not belong to this"
                        + " route; delete it.";
            }
            if (actual == null || !rights.isAsDesired(actual)) {
                client.resource(desired).patch(APPLY);
            }
            return null;
        } catch (KubernetesClientException e) {
            return who + ", by which proxies may read the endpoints there, cannot be written. "
                    + ApplyFailures.outcome(e).sentence();
        }
    }

    /** @return what went wrong; null if it is gone */
    static @Nullable String delete(HasMetadata object, KubernetesClient client) {
        try {
            client.resource(object).delete();
            return null;
        } catch (KubernetesClientException e) {
            return name(object) + " is no longer needed and cannot be deleted. "
                    + ApplyFailures.outcome(e).sentence();
        }
    }

    private static String name(HasMetadata object) {
        return object.getKind() + " " + object.getMetadata().getNamespace() + "/"
                + object.getMetadata().getName();
    }

    private Optional<Failed> complain(WebSocketRoute route, @Nullable String problem) {
        String uid = route.getMetadata().getUid();
        if (problem == null) {
            complaints.remove(uid);
            return Optional.empty();
        }
        if (!problem.equals(complaints.put(uid, problem))) {
            LOG.warn("{} Trying again", problem);
        }
        return Optional.of(new Failed(problem, false));
    }

    /** Forgets a deleted route. */
    void forget(WebSocketRoute route) {
        complaints.remove(route.getMetadata().getUid());
    }
}
