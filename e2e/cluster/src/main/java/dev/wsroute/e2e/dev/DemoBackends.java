// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.dev;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.Set;
import java.util.stream.Collectors;

/** The echo servers behind the demonstration's route. */
final class DemoBackends {

    private static final String NAME = "chat";

    private final KubernetesClient client;
    private final String namespace;

    DemoBackends(KubernetesClient client, String namespace) {
        this.client = client;
        this.namespace = namespace;
    }

    void scale(int replicas) {
        client.apps().deployments().inNamespace(namespace).withName(NAME).scale(replicas);
    }

    boolean available(int count) {
        Deployment deployment = client.apps()
                .deployments()
                .inNamespace(namespace)
                .withName(NAME)
                .require();
        Integer available =
                deployment.getStatus() == null ? null : deployment.getStatus().getAvailableReplicas();
        return available != null && available == count;
    }

    /** The names of the pods that are not being deleted. */
    Set<String> staying() {
        return client.pods().inNamespace(namespace).withLabel("app", NAME).list().getItems().stream()
                .map(Pod::getMetadata)
                .filter(metadata -> metadata.getDeletionTimestamp() == null)
                .map(metadata -> metadata.getName())
                .collect(Collectors.toSet());
    }
}
