// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.dev;

import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.KubernetesClientTimeoutException;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Installs CRD, RBAC and operator from deploy/install.yaml. */
public final class Installation {

    private static final String NAMESPACE = "wsroute-system";
    private static final String OPERATOR = "wsroute-operator";
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private final KubernetesClient client;
    private final Manifests manifests;

    public Installation(KubernetesClient client, Manifests manifests) {
        this.client = client;
        this.manifests = manifests;
    }

    /**
     * Applies the manifests and the limits of routes, and waits until the API serves WebSocketRoutes and the operator is available.
     *
     * @param limits what routes may ask for beyond the defaults
     * @throws IllegalStateException if that takes longer than 90 s; it says what the operator's pods wait for
     */
    public void install(Repository repository, Map<String, String> limits) throws IOException {
        manifests.apply(repository.get("deploy/install.yaml"));
        manifests.apply(new ConfigMapBuilder()
                .withNewMetadata()
                .withNamespace(NAMESPACE)
                .withName("wsroute-limits")
                .endMetadata()
                .withData(limits)
                .build());
        try {
            client.resources(CustomResourceDefinition.class)
                    .withName("websocketroutes.wsroute.dev")
                    .waitUntilCondition(Installation::established, PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            client.apps()
                    .deployments()
                    .inNamespace(NAMESPACE)
                    .withName(OPERATOR)
                    .waitUntilReady(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (KubernetesClientTimeoutException e) {
            throw new IllegalStateException(e.getMessage() + operatorPods(), e);
        }
    }

    /** State and last log lines of each operator pod, one per line. */
    private String operatorPods() {
        StringBuilder text = new StringBuilder();
        for (Pod pod : client.pods()
                .inNamespace(NAMESPACE)
                .withLabel("app.kubernetes.io/name", OPERATOR)
                .list()
                .getItems()) {
            text.append("\n").append(pod.getMetadata().getName()).append(": ");
            pod.getStatus().getContainerStatuses().forEach(container -> text.append(container.getState()));
            text.append(", ").append(lastLines(pod));
        }
        return text.toString();
    }

    private String lastLines(Pod pod) {
        try {
            return client.pods().resource(pod).tailingLines(3).getLog();
        } catch (KubernetesClientException e) {
            return "no log: " + e.getMessage();
        }
    }

    private static boolean established(CustomResourceDefinition definition) {
        return definition != null
                && definition.getStatus() != null
                && definition.getStatus().getConditions() != null
                && definition.getStatus().getConditions().stream()
                        .anyMatch(condition ->
                                "Established".equals(condition.getType()) && "True".equals(condition.getStatus()));
    }
}
