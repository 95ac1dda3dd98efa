// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.grants;

import dev.wsroute.operator.compile.GrantRef;
import io.fabric8.kubernetes.api.model.APIResourceList;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.FilterWatchListDeletable;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** ReferenceGrants in the API, which serves them only if the CRDs of Gateway API are installed. */
public final class GrantsApi {

    private static final String PLURAL = "referencegrants";

    /** Newest first. All have the same fields. */
    private static final List<String> VERSIONS = List.of("v1", "v1beta1");

    private GrantsApi() {}

    /**
     * The newest version that is served; empty if ReferenceGrant is not installed.
     *
     * @throws KubernetesClientException if the API cannot say
     */
    public static Optional<String> version(KubernetesClient client) {
        return VERSIONS.stream()
                .filter(version -> serves(client.getApiResources(GrantRef.GROUP + "/" + version)))
                .findFirst();
    }

    private static boolean serves(@Nullable APIResourceList resources) {
        return resources != null
                && resources.getResources().stream()
                        .anyMatch(resource -> resource.getName().equals(PLURAL));
    }

    /**
     * The grants of each namespace.
     *
     * @param namespaces empty: those of all namespaces together
     */
    public static List<FilterWatchListDeletable<GenericKubernetesResource, ?, ?>> of(
            KubernetesClient client, String version, Set<String> namespaces) {
        var grants = client.genericKubernetesResources(new ResourceDefinitionContext.Builder()
                .withGroup(GrantRef.GROUP)
                .withVersion(version)
                .withKind(GrantRef.KIND)
                .withPlural(PLURAL)
                .withNamespaced(true)
                .build());
        List<FilterWatchListDeletable<GenericKubernetesResource, ?, ?>> all = new ArrayList<>();
        if (namespaces.isEmpty()) {
            all.add(grants.inAnyNamespace());
        }
        namespaces.forEach(namespace -> all.add(grants.inNamespace(namespace)));
        return all;
    }
}
