// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.install;

import dev.wsroute.e2e.cluster.api.EmbeddedApi;
import dev.wsroute.e2e.dev.Repository;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** An embedded API with the CRDs that refuses unknown fields. */
final class StrictApi implements AutoCloseable {

    static final Path CRD = Repository.locate().get("crds/websocketroutes.wsroute.dev.yaml");

    private final EmbeddedApi api = EmbeddedApi.start();
    private final KubernetesClient client = new KubernetesClientBuilder()
            .withConfig(new ConfigBuilder(Config.empty())
                    .withMasterUrl(api.url())
                    .withNamespace("default")
                    .withRequestRetryBackoffLimit(0)
                    .build())
            .build();

    StrictApi() throws IOException {
        install(CRD);
        install(CRD.resolveSibling("websocketpolicies.wsroute.dev.yaml"));
    }

    /** Creates the CRDs in the file and waits until they are served. */
    void install(Path file) throws IOException {
        try (var crds = Files.newInputStream(file)) {
            for (HasMetadata created : client.load(crds).create()) {
                client.resource((CustomResourceDefinition) created)
                        .waitUntilCondition(StrictApi::isEstablished, 10, TimeUnit.SECONDS);
            }
        }
    }

    /** Creates the namespace of {@code object} if it does not exist. */
    void provideNamespaceOf(GenericKubernetesResource object) {
        String namespace = object.getMetadata().getNamespace();
        if (namespace != null && client.namespaces().withName(namespace).get() == null) {
            client.resource(new NamespaceBuilder()
                            .withNewMetadata()
                            .withName(namespace)
                            .endMetadata()
                            .build())
                    .create();
        }
    }

    GenericKubernetesResource apply(GenericKubernetesResource object) {
        return client.resource(object)
                .patch(new PatchContext.Builder()
                        .withPatchType(PatchType.SERVER_SIDE_APPLY)
                        .withFieldManager("user")
                        .withFieldValidation("Strict")
                        .withForce(true)
                        .build());
    }

    private static boolean isEstablished(CustomResourceDefinition crd) {
        return crd != null
                && crd.getStatus() != null
                && crd.getStatus().getConditions().stream()
                        .anyMatch(condition -> condition.getType().equals("Established")
                                && condition.getStatus().equals("True"));
    }

    @Override
    public void close() {
        client.close();
        api.close();
    }
}
