// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.cluster.node;

import dev.wsroute.e2e.cluster.work.NamespacedName;
import dev.wsroute.e2e.cluster.work.WorkQueue;
import io.fabric8.kubernetes.api.model.Binding;
import io.fabric8.kubernetes.api.model.BindingBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.PodResource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.net.HttpURLConnection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Writes the status of pods to the API without blocking the caller. While the API server is unavailable, pods keep
 * running; afterwards the last status of each is written.
 */
final class PodApi implements AutoCloseable {

    private static final PatchContext MERGE = PatchContext.of(PatchType.JSON_MERGE);

    /** @param last whether the pod has ended, so that its object is deleted after this status */
    private record Report(NamespacedName pod, PodStatus status, boolean last) {}

    private final KubernetesClient client;
    private final String nodeName;
    private final Map<String, Report> reports = new ConcurrentHashMap<>();
    private final WorkQueue<NamespacedName> bindings = new WorkQueue<>("node-bindings", this::writeBinding);
    private final WorkQueue<String> statuses = new WorkQueue<>("node-statuses", this::writeReport);

    PodApi(KubernetesClient client, String nodeName) {
        this.client = client;
        this.nodeName = nodeName;
    }

    /** Claims a pod for this node, as a scheduler does. */
    void bind(Pod pod) {
        bindings.add(NamespacedName.of(pod));
    }

    /** Writes a status unless a newer one is queued by then. */
    void report(Pod pod, PodStatus status) {
        put(pod, new Report(NamespacedName.of(pod), status, false));
    }

    /** Writes the last status and removes the object. */
    void finish(Pod pod, PodStatus status) {
        put(pod, new Report(NamespacedName.of(pod), status, true));
    }

    private void put(Pod pod, Report report) {
        reports.put(pod.getMetadata().getUid(), report);
        statuses.add(pod.getMetadata().getUid());
    }

    /** The object no longer exists, so there is nothing to write. */
    void forget(Pod pod) {
        reports.remove(pod.getMetadata().getUid());
    }

    private void writeBinding(NamespacedName key) {
        Binding binding = new BindingBuilder()
                .withNewMetadata()
                .withNamespace(key.namespace())
                .withName(key.name())
                .endMetadata()
                .withNewTarget()
                .withApiVersion("v1")
                .withKind("Node")
                .withName(nodeName)
                .endTarget()
                .build();
        String path = "/api/v1/namespaces/" + key.namespace() + "/pods/" + key.name() + "/binding";
        unlessGone(() -> client.raw(path, "POST", binding));
    }

    private void writeReport(String uid) {
        Report report = reports.get(uid);
        if (report == null) {
            return;
        }
        unlessGone(() -> {
            PodResource pod = client.pods()
                    .inNamespace(report.pod().namespace())
                    .withName(report.pod().name());
            // The uid protects a new pod with the same name.
            pod.subresource("status")
                    .patch(
                            MERGE,
                            Serialization.asJson(Map.of("metadata", Map.of("uid", uid), "status", report.status())));
            if (report.last()) {
                pod.withGracePeriod(0).delete();
            }
        });
        reports.remove(uid, report);
    }

    /** It is not a failure if the pod was deleted, bound to another node or replaced: the watch reports that. */
    private static void unlessGone(Runnable write) {
        try {
            write.run();
        } catch (KubernetesClientException e) {
            if (e.getCode() != HttpURLConnection.HTTP_NOT_FOUND && e.getCode() != HttpURLConnection.HTTP_CONFLICT) {
                throw e;
            }
        }
    }

    @Override
    public void close() {
        bindings.close();
        statuses.close();
    }
}
