// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.resources;

import dev.wsroute.api.v1alpha1.WebSocketRoute;
import dev.wsroute.operator.cache.Caches;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.api.model.rbac.RoleBinding;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.informer.ManagedInformerEventSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The kinds of objects that routes own, with one watch each. The watches are limited to the operator's own label, so that
 * memory grows with the number of routes and not with the cluster. Dependents of the same kind share a watch.
 */
public final class OwnedKinds {

    /** Event source of ConfigMaps. */
    public static final String CONFIG_MAPS = "owned-configmaps";
    /** Event source of Secrets. */
    public static final String SECRETS = "owned-secrets";
    /** Event source of ServiceAccounts. */
    public static final String SERVICE_ACCOUNTS = "owned-serviceaccounts";
    /** Event source of Roles. */
    public static final String ROLES = "owned-roles";
    /** Event source of RoleBindings. */
    public static final String ROLE_BINDINGS = "owned-rolebindings";
    /** Event source of Deployments. */
    public static final String DEPLOYMENTS = "owned-deployments";
    /** Event source of Services. */
    public static final String SERVICES = "owned-services";
    /** Event source of PodDisruptionBudgets. */
    public static final String DISRUPTION_BUDGETS = "owned-poddisruptionbudgets";

    private OwnedKinds() {}

    /** One watch per kind. */
    public static List<EventSource<?, WebSocketRoute>> eventSources(
            EventSourceContext<WebSocketRoute> context, Caches caches) {
        return List.of(
                watch(ConfigMap.class, CONFIG_MAPS, context, caches),
                caches.readOnDemand(
                        Secret.class, configuration(Secret.class, SECRETS), OwnedKinds::isMadeForRoutes, context),
                watch(ServiceAccount.class, SERVICE_ACCOUNTS, context, caches),
                watch(Role.class, ROLES, context, caches),
                watch(RoleBinding.class, ROLE_BINDINGS, context, caches),
                watch(Deployment.class, DEPLOYMENTS, context, caches),
                watch(Service.class, SERVICES, context, caches),
                watch(PodDisruptionBudget.class, DISRUPTION_BUDGETS, context, caches));
    }

    /** The watch called {@code name}. */
    @SuppressWarnings("unchecked")
    public static <R extends HasMetadata> ManagedInformerEventSource<R, WebSocketRoute, ?> watched(
            Class<R> type, String name, Context<WebSocketRoute> context) {
        return (ManagedInformerEventSource<R, WebSocketRoute, ?>)
                context.eventSourceRetriever().getEventSourceFor(type, name);
    }

    private static <R extends HasMetadata> EventSource<?, WebSocketRoute> watch(
            Class<R> type, String name, EventSourceContext<WebSocketRoute> context, Caches caches) {
        return caches.owned(type, configuration(type, name), context);
    }

    private static <R extends HasMetadata> InformerEventSourceConfiguration.Builder<R> configuration(
            Class<R> type, String name) {
        return InformerEventSourceConfiguration.from(type, WebSocketRoute.class)
                .withName(name)
                .withNamespacesInheritedFromController()
                .withLabelSelector(Labels.OWNED)
                .withSecondaryToPrimaryMapper(OwnedKinds::routesOf);
    }

    /** By name, since anyone can give a Secret our label. Others are no business of the operator's. */
    private static boolean isMadeForRoutes(Secret secret) {
        String name = secret.getMetadata().getName();
        return name.endsWith(OwnedNames.sessionKey("")) || name.endsWith(OwnedNames.ticketKeys(""));
    }

    /** By owner and by label, so that the removal of either one triggers a reconciliation. */
    private static Set<ResourceID> routesOf(HasMetadata object) {
        if (object instanceof Role || object instanceof RoleBinding) {
            // Of other kinds, anybody could give objects the label of a route elsewhere.
            Optional<ResourceID> elsewhere = BackendRights.routeOf(object);
            if (elsewhere.isPresent()) {
                return Set.of(elsewhere.get());
            }
        }
        ObjectMeta metadata = object.getMetadata();
        return Stream.concat(
                        metadata.getOwnerReferences().stream()
                                .filter(owner -> HasMetadata.getKind(WebSocketRoute.class)
                                        .equals(owner.getKind()))
                                .filter(owner -> owner.getName() != null)
                                .map(OwnerReference::getName),
                        Labels.routeOf(metadata).stream())
                .map(name -> new ResourceID(name, metadata.getNamespace()))
                .collect(Collectors.toSet());
    }
}
