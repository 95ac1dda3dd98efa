// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.grants;

import dev.wsroute.operator.compile.GrantRef;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The grants that the cluster has, as far as they are known. Thread-safe. */
public final class CurrentGrants {

    private final Set<String> served;
    private final Map<String, Map<String, ReferenceGrant>> byNamespace = new ConcurrentHashMap<>();
    private volatile boolean installed;

    /** @param served the namespaces that this operator serves; empty: all */
    public CurrentGrants(Set<String> served) {
        this.served = Set.copyOf(served);
    }

    /** The grants by which {@code namespace} permits routes of {@code routeNamespace} to use its Service; empty if none does. */
    public Set<GrantRef> permitting(String routeNamespace, String namespace, String service) {
        return byNamespace.getOrDefault(namespace, Map.of()).values().stream()
                .filter(grant -> grant.permits(routeNamespace, service))
                .map(ReferenceGrant::ref)
                .collect(Collectors.toSet());
    }

    /** Whether {@code namespace} permits routes of {@code routeNamespace} to use any of its Services. True while that is unknown. */
    public boolean permitsAny(String routeNamespace, String namespace) {
        return !installed
                || byNamespace.getOrDefault(namespace, Map.of()).values().stream()
                        .anyMatch(grant -> grant.routes().contains(routeNamespace));
    }

    /** Why nothing permits it; a full sentence, the same whether the Service exists or not. */
    public String denial(String routeNamespace, String namespace, String service) {
        String who = "Service " + namespace + "/" + service;
        if (!serves(namespace)) {
            return who + " is in namespace " + namespace + ", which this operator does not serve: see its flag"
                    + " --namespaces.";
        }
        if (!installed) {
            return who
                    + " is in another namespace, which can permit that only by a ReferenceGrant, and ReferenceGrant ("
                    + GrantRef.GROUP + ") is not installed in this cluster: install the CRDs of Gateway API.";
        }
        return "Namespace " + namespace + " does not permit routes of namespace " + routeNamespace + " to use Service "
                + service + ": create a ReferenceGrant in namespace " + namespace
                + " from group wsroute.dev, kind WebSocketRoute, namespace " + routeNamespace
                + " to group \"\", kind Service, name " + service + ".";
    }

    /** Whether this operator serves {@code namespace}. */
    public boolean serves(String namespace) {
        return served.isEmpty() || served.contains(namespace);
    }

    /** Whether the API serves grants. */
    public void installed(boolean now) {
        installed = now;
    }

    boolean isEmpty() {
        return byNamespace.isEmpty();
    }

    /**
     * Takes over the state of one grant.
     *
     * @param object null if it is gone
     * @return whether routes are permitted anything else than before
     */
    public boolean put(String namespace, String name, @Nullable GenericKubernetesResource object) {
        Optional<ReferenceGrant> grant = Optional.ofNullable(object).flatMap(ReferenceGrant::of);
        boolean[] changed = {false};
        byNamespace.compute(namespace, (same, known) -> {
            Map<String, ReferenceGrant> grants = known == null ? new ConcurrentHashMap<>() : known;
            ReferenceGrant before = grant.isPresent() ? grants.put(name, grant.get()) : grants.remove(name);
            changed[0] = !grant.equals(Optional.ofNullable(before));
            return grants.isEmpty() ? null : grants;
        });
        return changed[0];
    }

    /** Forgets the grants that are not among these, given as {@code namespace/name}. */
    void retain(Set<String> keys) {
        byNamespace.forEach((namespace, grants) -> grants.keySet().stream()
                .filter(name -> !keys.contains(namespace + "/" + name))
                .toList()
                .forEach(name -> put(namespace, name, null)));
    }
}
