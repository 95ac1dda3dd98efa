// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.cluster.controllers;

import io.fabric8.kubernetes.api.model.APIGroup;
import io.fabric8.kubernetes.api.model.APIGroupList;
import io.fabric8.kubernetes.api.model.APIResource;
import io.fabric8.kubernetes.api.model.APIResourceList;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The kinds that the API server serves and that can be owners or dependents. */
final class ApiKinds {

    /** Events are numerous and never owned. */
    private static final Set<String> IGNORED = Set.of("events");

    private ApiKinds() {}

    /** One version of each kind, by group and kind. */
    static Map<GroupKind, ResourceDefinitionContext> discover(KubernetesClient client) {
        Map<GroupKind, ResourceDefinitionContext> kinds = new LinkedHashMap<>();
        collect(kinds, client.getApiResources("v1"), "", "v1");
        @Nullable APIGroupList groups = client.getApiGroups();
        if (groups != null) {
            for (APIGroup group : groups.getGroups()) {
                String version = group.getPreferredVersion().getVersion();
                collect(kinds, client.getApiResources(group.getName() + "/" + version), group.getName(), version);
            }
        }
        return kinds;
    }

    private static void collect(
            Map<GroupKind, ResourceDefinitionContext> kinds,
            @Nullable APIResourceList resources,
            String group,
            String version) {
        if (resources == null) {
            return;
        }
        for (APIResource resource : resources.getResources()) {
            if (!resource.getName().contains("/")
                    && !IGNORED.contains(resource.getName())
                    && resource.getVerbs().containsAll(Set.of("list", "watch", "delete"))) {
                kinds.put(
                        new GroupKind(group, resource.getKind()),
                        new ResourceDefinitionContext.Builder()
                                .withGroup(group)
                                .withVersion(version)
                                .withKind(resource.getKind())
                                .withPlural(resource.getName())
                                .withNamespaced(resource.getNamespaced())
                                .build());
            }
        }
    }
}
