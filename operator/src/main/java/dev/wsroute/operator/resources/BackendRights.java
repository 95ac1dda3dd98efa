// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.resources;

import dev.wsroute.operator.compile.GrantRef;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.api.model.rbac.PolicyRuleBuilder;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.api.model.rbac.RoleBinding;
import io.fabric8.kubernetes.api.model.rbac.RoleBindingBuilder;
import io.fabric8.kubernetes.api.model.rbac.RoleBuilder;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.util.Collection;
import java.util.Comparator;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What the proxies of a route need in another namespace with a backend of theirs: to list and watch its EndpointSlices. An owner has to
 * be in the namespace of what it owns, so these objects belong to the grants of that namespace: once the last one is deleted, so
 * are they, even while no operator runs.
 *
 * @param namespace of the backend
 * @param routeNamespace namespace of the route
 * @param route name of the route
 * @param grants that permit the backends there
 */
public record BackendRights(String namespace, String routeNamespace, String route, Set<GrantRef> grants) {

    private static final String RBAC = "rbac.authorization.k8s.io";

    public BackendRights {
        grants = Set.copyOf(grants);
    }

    /** The name of both objects. No other route has the same, since names of namespaces and routes have no dots. */
    public String name() {
        return OwnedNames.inBackendNamespace(routeNamespace, route);
    }

    /** The Role. */
    public Role role() {
        return new RoleBuilder()
                .withMetadata(metadata())
                .withRules(new PolicyRuleBuilder()
                        .withApiGroups("discovery.k8s.io")
                        .withResources("endpointslices")
                        .withVerbs("list", "watch")
                        .build())
                .build();
    }

    /** The binding of the Role to the ServiceAccount of the route's proxies. */
    public RoleBinding binding() {
        return new RoleBindingBuilder()
                .withMetadata(metadata())
                .withNewRoleRef(RBAC, "Role", name())
                .addNewSubject()
                .withKind("ServiceAccount")
                .withNamespace(routeNamespace)
                .withName(OwnedNames.proxy(route))
                .endSubject()
                .build();
    }

    private ObjectMeta metadata() {
        NavigableMap<String, String> labels = Labels.of(route, Labels.BACKEND);
        labels.put(Labels.ROUTE_NAMESPACE, routeNamespace);
        return new ObjectMetaBuilder()
                .withNamespace(namespace)
                .withName(name())
                .withLabels(labels)
                .withOwnerReferences(grants.stream()
                        .sorted(Comparator.comparing(GrantRef::name))
                        .map(grant -> new OwnerReferenceBuilder()
                                .withApiVersion(grant.apiVersion())
                                .withKind(GrantRef.KIND)
                                .withName(grant.name())
                                .withUid(grant.uid())
                                .build())
                        .toList())
                .build();
    }

    /** Whether {@code actual} is as {@link #role} or {@link #binding} says. */
    public boolean isAsDesired(HasMetadata actual) {
        ObjectMeta found = actual.getMetadata();
        return found.getLabels() != null
                && found.getLabels()
                        .entrySet()
                        .containsAll(metadata().getLabels().entrySet())
                && uids(found.getOwnerReferences()).equals(uids(metadata().getOwnerReferences()))
                && (actual instanceof Role role
                        ? role.getRules().equals(role().getRules())
                        : actual instanceof RoleBinding bound
                                && bound.getRoleRef().equals(binding().getRoleRef())
                                && bound.getSubjects().equals(binding().getSubjects()));
    }

    private static Set<String> uids(Collection<OwnerReference> owners) {
        return owners.stream()
                .map(owner -> owner.getApiVersion() + " " + owner.getUid())
                .collect(Collectors.toSet());
    }

    /** The route that the labels of such an object name; empty for any other object, and if its name is another. */
    public static Optional<ResourceID> routeOf(HasMetadata object) {
        return Labels.routeNamespaceOf(object.getMetadata())
                .flatMap(namespace -> Labels.routeOf(object.getMetadata())
                        .filter(route -> OwnedNames.inBackendNamespace(namespace, route)
                                .equals(object.getMetadata().getName()))
                        .map(route -> new ResourceID(route, namespace)));
    }

    /** Whether somebody else made {@code found}, which merely has the name. */
    public static boolean isForeign(HasMetadata found) {
        return routeOf(found).isEmpty() && !OwnershipCheck.isApplied(found);
    }
}
