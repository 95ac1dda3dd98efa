// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.route;

import dev.wsroute.api.v1alpha1.WebSocketRoute;
import dev.wsroute.operator.cache.PartialPod;
import dev.wsroute.operator.resources.Labels;
import dev.wsroute.operator.resources.OwnedNames;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.net.HttpURLConnection;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Chooses which pods a ReplicaSet deletes when it is scaled down, by the annotation {@value #ANNOTATION}. It is written once for each
 * step: Kubernetes warns of writing it regularly, since each write is an update of a pod.
 *
 * @see <a href="https://kubernetes.io/docs/concepts/workloads/controllers/replicaset/#pod-deletion-cost">Pod deletion cost</a>
 */
final class DeletionCosts {

    static final String ANNOTATION = PartialPod.DELETION_COST;

    /** Below the default, 0. */
    private static final String LOW = "-1000";

    private static final PatchContext MERGE = new PatchContext.Builder()
            .withPatchType(PatchType.JSON_MERGE)
            .withFieldManager(OwnedNames.FIELD_MANAGER)
            .build();

    private DeletionCosts() {}

    /** Makes {@code names} the first to be deleted, and takes back what an earlier call has done to other pods. */
    static void lower(WebSocketRoute route, Set<String> names, KubernetesClient client) {
        String namespace = route.getMetadata().getNamespace();
        client.pods()
                .inNamespace(namespace)
                .withLabels(Labels.proxySelector(route.getMetadata().getName()))
                .list()
                .getItems()
                .forEach(pod -> {
                    boolean chosen = names.contains(pod.getMetadata().getName());
                    boolean low = LOW.equals(cost(pod));
                    if (chosen != low) {
                        write(pod, chosen ? "\"" + LOW + "\"" : "null", client);
                    }
                });
    }

    private static @Nullable String cost(Pod pod) {
        return Objects.requireNonNullElse(pod.getMetadata().getAnnotations(), Map.<String, String>of())
                .get(ANNOTATION);
    }

    private static void write(Pod pod, String value, KubernetesClient client) {
        try {
            client.pods()
                    .inNamespace(pod.getMetadata().getNamespace())
                    .withName(pod.getMetadata().getName())
                    .patch(MERGE, "{\"metadata\":{\"annotations\":{\"" + ANNOTATION + "\":" + value + "}}}");
        } catch (KubernetesClientException e) {
            // A pod that has vanished since the list needs no mark.
            if (e.getCode() != HttpURLConnection.HTTP_NOT_FOUND) {
                throw e;
            }
        }
    }
}
