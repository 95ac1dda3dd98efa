// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.cluster.api;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A server and a client of it for each test. */
abstract class ApiUnderTest {

    static final String WIDGETS = """
            apiVersion: apiextensions.k8s.io/v1
            kind: CustomResourceDefinition
            metadata: {name: widgets.test.wsroute.dev}
            spec:
              group: test.wsroute.dev
              scope: Namespaced
              names: {kind: Widget, plural: widgets, singular: widget, shortNames: [wdg]}
              versions:
              - name: v1
                served: true
                storage: true
                subresources: {status: {}, scale: {specReplicasPath: .spec.replicas, statusReplicasPath: .status.replicas}}
                additionalPrinterColumns: [{name: Size, type: integer, jsonPath: .spec.size}]
                schema:
                  openAPIV3Schema:
                    type: object
                    properties:
                      spec:
                        type: object
                        required: [size]
                        x-kubernetes-validations:
                        - {rule: "self.size <= self.limit", message: size must not exceed limit}
                        - {rule: "!has(oldSelf.mode) || self.mode == oldSelf.mode", messageExpression: "'mode stays ' + oldSelf.mode"}
                        properties:
                          size: {type: integer, minimum: 1}
                          limit: {type: integer, default: 10}
                          replicas: {type: integer}
                          mode: {type: string, enum: [Fast, Slow]}
                          name: {type: string, pattern: "^[a-z]+$", maxLength: 5}
                          labels: {type: object, additionalProperties: {type: string}}
                          parts:
                            type: array
                            maxItems: 3
                            x-kubernetes-list-type: map
                            x-kubernetes-list-map-keys: [name]
                            items: {type: object, required: [name], properties: {name: {type: string}, value: {type: string}}}
                      status: {type: object, properties: {phase: {type: string}, replicas: {type: integer}}}
            """;

    EmbeddedApi api;
    KubernetesClient client;

    @BeforeEach
    void startServer() {
        api = EmbeddedApi.start();
        client = newClient();
    }

    @AfterEach
    void stopServer() {
        client.close();
        api.close();
    }

    KubernetesClient newClient() {
        Config config = new ConfigBuilder(Config.empty())
                .withMasterUrl(api.url())
                .withNamespace("default")
                .withRequestRetryBackoffLimit(0)
                .withWatchReconnectInterval(50)
                .build();
        return new KubernetesClientBuilder().withConfig(config).build();
    }

    ConfigMap configMap(String name, String key, String value) {
        return new ConfigMapBuilder()
                .withNewMetadata()
                .withName(name)
                .withNamespace("default")
                .endMetadata()
                .addToData(key, value)
                .build();
    }

    /** Creates the definition of widgets. */
    void defineWidgets() {
        client.resource(WIDGETS).create();
    }

    /** Reads a widget from the YAML of its spec. */
    GenericKubernetesResource widget(String name, String spec) {
        return io.fabric8.kubernetes.client.utils.Serialization.unmarshal(
                "apiVersion: test.wsroute.dev/v1\nkind: Widget\nmetadata: {name: " + name
                        + ", namespace: default}\nspec: " + spec,
                GenericKubernetesResource.class);
    }

    <T extends HasMetadata> T apply(String manager, T object) {
        return apply(manager, object, false);
    }

    <T extends HasMetadata> T apply(String manager, T object, boolean force) {
        PatchContext context = new PatchContext.Builder()
                .withPatchType(PatchType.SERVER_SIDE_APPLY)
                .withFieldManager(manager)
                .withForce(force)
                .build();
        return client.resource(object).patch(context);
    }
}
