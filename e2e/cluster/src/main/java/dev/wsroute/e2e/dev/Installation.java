// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.dev;

import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.time.Duration;
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
     * Applies the manifests and waits until the API serves WebSocketRoutes and the operator is available.
     *
     * @throws io.fabric8.kubernetes.client.KubernetesClientTimeoutException if that takes longer than 90 s
     */
    public void install(Repository repository) throws IOException {
        manifests.apply(repository.get("deploy/install.yaml"));
        client.resources(CustomResourceDefinition.class)
                .withName("websocketroutes.wsroute.dev")
                .waitUntilCondition(Installation::established, PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        client.apps()
                .deployments()
                .inNamespace(NAMESPACE)
                .withName(OPERATOR)
                .waitUntilReady(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
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
