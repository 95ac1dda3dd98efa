// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.cluster.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PatchTest extends ApiUnderTest {

    private static final String DEPLOYMENT = """
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: web, namespace: default}
            spec:
              selector: {matchLabels: {app: web}}
              template:
                metadata: {labels: {app: web}}
                spec:
                  nodeSelector: {disk: ssd}
                  containers:
                  - {name: main, image: "example/web:1", env: [{name: A, value: a}, {name: B, value: b}], args: [x, y]}
                  - {name: side, image: "example/side:1"}
            """;

    @BeforeEach
    void createDeployment() {
        client.resource(Serialization.unmarshal(DEPLOYMENT, Deployment.class)).create();
    }

    @Test
    void aStrategicMergeFindsContainersAndVariablesByName() {
        patch(PatchType.STRATEGIC_MERGE, """
                {"spec": {"template": {"spec": {"containers": [{"name": "main", "image": "example/web:2",
                  "env": [{"name": "B", "value": "c"}, {"name": "A", "$patch": "delete"}]}]}}}}
                """);

        assertThat(containers()).extracting(Container::getName).containsExactly("main", "side");
        Container main = containers().get(0);
        assertThat(main.getImage()).isEqualTo("example/web:2");
        assertThat(main.getEnv()).extracting(EnvVar::getName).containsExactly("B");
        assertThat(main.getEnv()).extracting(EnvVar::getValue).containsExactly("c");
        assertThat(main.getArgs()).containsExactly("x", "y");
    }

    @Test
    void aStrategicMergeReplacesListsWithoutKeysAndRemovesNulls() {
        patch(PatchType.STRATEGIC_MERGE, """
                {"spec": {"template": {"spec": {"nodeSelector": null,
                  "containers": [{"name": "main", "args": ["z"]}]}}}}
                """);

        assertThat(containers().get(0).getArgs()).containsExactly("z");
        assertThat(deployment().getSpec().getTemplate().getSpec().getNodeSelector())
                .isEmpty();
    }

    @Test
    void aStrategicMergeKeepsToTheOrderItIsGiven() {
        patch(PatchType.STRATEGIC_MERGE, """
                {"spec": {"template": {"spec": {"$setElementOrder/containers": [{"name": "side"}, {"name": "main"}],
                  "containers": [{"name": "side", "image": "example/side:2"}]}}}}
                """);

        assertThat(containers()).extracting(Container::getName).containsExactly("side", "main");
    }

    @Test
    void aMergePatchReplacesWholeLists() {
        patch(PatchType.JSON_MERGE, """
                {"spec": {"template": {"spec": {"containers": [{"name": "only", "image": "example/only:1"}]}}}}
                """);

        assertThat(containers()).extracting(Container::getName).containsExactly("only");
    }

    @Test
    void aJsonPatchTestsAddsMovesAndRemoves() {
        patch(PatchType.JSON, """
                [{"op": "test", "path": "/spec/template/spec/containers/0/name", "value": "main"},
                 {"op": "add", "path": "/metadata/labels", "value": {"a~b": "c"}},
                 {"op": "copy", "from": "/metadata/labels/a~0b", "path": "/metadata/labels/d"},
                 {"op": "remove", "path": "/spec/template/spec/containers/1"},
                 {"op": "add", "path": "/spec/template/spec/containers/0/args/-", "value": "z"}]
                """);

        assertThat(deployment().getMetadata().getLabels())
                .containsEntry("a~b", "c")
                .containsEntry("d", "c");
        assertThat(containers()).hasSize(1);
        assertThat(containers().get(0).getArgs()).containsExactly("x", "y", "z");
    }

    @Test
    void aJsonPatchWhoseTestFailsChangesNothing() {
        long version = api.resourceVersion();

        assertThatThrownBy(() -> patch(PatchType.JSON, """
                        [{"op": "remove", "path": "/spec/template/spec/containers/1"},
                         {"op": "test", "path": "/spec/replicas", "value": 9}]
                        """))
                .isInstanceOfSatisfying(
                        KubernetesClientException.class,
                        e -> assertThat(e.getCode()).isEqualTo(422));
        assertThat(api.resourceVersion()).isEqualTo(version);
    }

    @Test
    void aDryRunShowsTheResultAndKeepsTheObject() {
        long version = api.resourceVersion();

        Deployment shown = client.apps()
                .deployments()
                .withName("web")
                .dryRun()
                .patch(PatchContext.of(PatchType.JSON_MERGE), "{\"spec\": {\"replicas\": 5}}");

        assertThat(shown.getSpec().getReplicas()).isEqualTo(5);
        assertThat(api.resourceVersion()).isEqualTo(version);
    }

    private void patch(PatchType type, String body) {
        client.apps().deployments().withName("web").patch(PatchContext.of(type), body);
    }

    private Deployment deployment() {
        return client.apps().deployments().withName("web").get();
    }

    private List<Container> containers() {
        return deployment().getSpec().getTemplate().getSpec().getContainers();
    }
}
