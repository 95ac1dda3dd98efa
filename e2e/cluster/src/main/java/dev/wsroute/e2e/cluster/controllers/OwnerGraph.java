// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.cluster.controllers;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.OwnerReference;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** All objects by uid, and their dependents. Safe for use by several threads. */
final class OwnerGraph {

    private final Map<String, GenericKubernetesResource> objects = new HashMap<>();
    private final Map<String, Set<String>> dependents = new HashMap<>();

    synchronized void put(GenericKubernetesResource object) {
        remove(object);
        objects.put(uid(object), object);
        for (OwnerReference owner : object.getMetadata().getOwnerReferences()) {
            dependents.computeIfAbsent(owner.getUid(), uid -> new HashSet<>()).add(uid(object));
        }
    }

    synchronized void remove(GenericKubernetesResource object) {
        Optional.ofNullable(objects.remove(uid(object)))
                .ifPresent(last -> last.getMetadata().getOwnerReferences().forEach(owner -> {
                    Set<String> siblings = dependents.getOrDefault(owner.getUid(), new HashSet<>());
                    siblings.remove(uid(object));
                    if (siblings.isEmpty()) {
                        dependents.remove(owner.getUid());
                    }
                }));
    }

    synchronized Optional<GenericKubernetesResource> get(String uid) {
        return Optional.ofNullable(objects.get(uid));
    }

    synchronized List<GenericKubernetesResource> dependentsOf(String uid) {
        List<GenericKubernetesResource> result = new ArrayList<>();
        for (String dependent : dependents.getOrDefault(uid, Set.of())) {
            result.add(Objects.requireNonNull(objects.get(dependent)));
        }
        return result;
    }

    static String uid(GenericKubernetesResource object) {
        return object.getMetadata().getUid();
    }
}
