// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.policies;

import dev.wsroute.api.v1alpha1.WebSocketPolicy;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.FilterWatchListDeletable;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import java.net.HttpURLConnection;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** WebSocketPolicies in the API, which an older installation does not serve. */
public final class PoliciesApi {

    /** What the API calls them. */
    public static final String PLURAL = HasMetadata.getPlural(WebSocketPolicy.class);

    private PoliciesApi() {}

    /**
     * Whether the API serves policies. Lists some: a server that has just started answers lists later than it lists its kinds, and
     * routes must not be opened because it does not know the kind yet.
     *
     * @param namespaces empty: all
     * @throws KubernetesClientException if the API cannot say
     */
    public static boolean isServed(KubernetesClient client, Set<String> namespaces) {
        try {
            of(client, namespaces)
                    .forEach(policies ->
                            policies.list(new ListOptionsBuilder().withLimit(1L).build()));
            return true;
        } catch (KubernetesClientException e) {
            if (e.getCode() == HttpURLConnection.HTTP_NOT_FOUND) {
                return false;
            }
            throw e;
        }
    }

    /**
     * The policies of each namespace.
     *
     * @param namespaces empty: those of all namespaces together
     */
    static List<FilterWatchListDeletable<GenericKubernetesResource, ?, ?>> of(
            KubernetesClient client, Set<String> namespaces) {
        var policies =
                client.genericKubernetesResources(ResourceDefinitionContext.fromResourceType(WebSocketPolicy.class));
        List<FilterWatchListDeletable<GenericKubernetesResource, ?, ?>> all = new ArrayList<>();
        if (namespaces.isEmpty()) {
            all.add(policies.inAnyNamespace());
        }
        namespaces.forEach(namespace -> all.add(policies.inNamespace(namespace)));
        return all;
    }
}
