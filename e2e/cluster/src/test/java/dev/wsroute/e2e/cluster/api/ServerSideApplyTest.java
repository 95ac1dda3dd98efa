// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.cluster.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ManagedFieldsEntry;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ServerSideApplyTest extends ApiUnderTest {

    private static final String DEPLOYMENT = """
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: web, namespace: default}
            spec:
              replicas: 2
              selector: {matchLabels: {app: web}}
              template:
                metadata: {labels: {app: web}}
                spec:
                  containers:
                  - name: main
                    image: example/web:1
                    ports: [{containerPort: 8080}]
                    readinessProbe: {httpGet: {path: /ready, port: 8080}}
                    env: [{name: A, value: a}]
            """;

    @Test
    void applyingTheSameAgainWritesNothing() {
        apply("one", deployment(DEPLOYMENT));
        long version = api.resourceVersion();

        Deployment again = apply("one", deployment(DEPLOYMENT));

        assertThat(api.resourceVersion()).isEqualTo(version);
        assertThat(again.getMetadata().getGeneration()).isEqualTo(1);
        assertThat(again.getSpec().getStrategy().getType()).isEqualTo("RollingUpdate");
    }

    @Test
    void theOrderOfTheNewestApplyHoldsAndItemsOfOthersKeepTheirPlace() {
        apply(
                "one",
                deployment(DEPLOYMENT.replace(
                        "env: [{name: A, value: a}]", "env: [%s]".formatted(variables("A", "B", "C")))));
        apply("two", deployment("""
                        apiVersion: apps/v1
                        kind: Deployment
                        metadata: {name: web, namespace: default}
                        spec:
                          template:
                            spec:
                              containers: [{name: main, env: [%s]}]
                        """.formatted(variables("X"))));

        Deployment turned = apply(
                "one",
                deployment(DEPLOYMENT.replace(
                        "env: [{name: A, value: a}]", "env: [%s]".formatted(variables("N", "C", "A", "B")))));

        assertThat(names(turned)).containsExactly("N", "C", "X", "A", "B");
        assertThat(turned.getMetadata().getGeneration()).isEqualTo(3);
    }

    private static String variables(String... names) {
        return Stream.of(names)
                .map(name -> "{name: %s, value: x}".formatted(name))
                .collect(Collectors.joining(", "));
    }

    private static List<String> names(Deployment deployment) {
        return deployment.getSpec().getTemplate().getSpec().getContainers().get(0).getEnv().stream()
                .map(EnvVar::getName)
                .toList();
    }

    @Test
    void theManagerOwnsWhatItAppliedAndNoDefault() {
        Deployment applied = apply("one", deployment(DEPLOYMENT));

        assertThat(managers(applied)).containsExactly("one Apply");
        String fields = Serialization.asJson(
                        applied.getMetadata().getManagedFields().get(0).getFieldsV1())
                .replace("\\", "");
        assertThat(fields)
                .contains("k:{\"name\":\"main\"}")
                .contains("k:{\"containerPort\":8080,\"protocol\":\"TCP\"}")
                .doesNotContain("f:strategy")
                .doesNotContain("f:terminationMessagePath");
    }

    @Test
    void anotherManagersDifferentValueConflictsByField() {
        apply("one", deployment(DEPLOYMENT));

        assertThatThrownBy(() -> apply("two", deployment(DEPLOYMENT.replace("web:1", "web:2"))))
                .isInstanceOf(KubernetesClientException.class)
                .hasMessageContaining("Apply failed with 1 conflict: conflict with \"one\":"
                        + " .spec.template.spec.containers[name=\"main\"].image");
    }

    @Test
    void forcingTakesTheFieldOver() {
        apply("one", configMap("c", "k", "1"));

        ConfigMap forced = apply("two", configMap("c", "k", "2"), true);

        assertThat(forced.getData()).containsEntry("k", "2");
        assertThat(managers(forced)).containsExactly("two Apply");
    }

    @Test
    void twoManagersMayOwnKeysOfOneMap() {
        apply("one", configMap("c", "left", "1"));
        ConfigMap both = apply("two", configMap("c", "right", "2"));

        assertThat(both.getData()).containsEntry("left", "1").containsEntry("right", "2");
        assertThat(managers(both)).containsExactly("one Apply", "two Apply");
    }

    @Test
    void fieldsThatAManagerNoLongerAppliesAreRemovedWithTheirDefaults() {
        apply("one", deployment(DEPLOYMENT));

        String without = DEPLOYMENT
                .lines()
                .filter(line -> !line.contains("readinessProbe") && !line.contains("env:"))
                .reduce("", (text, line) -> text + line + "\n");
        Deployment after = apply("one", deployment(without));

        var container = after.getSpec().getTemplate().getSpec().getContainers().get(0);
        assertThat(container.getReadinessProbe()).isNull();
        assertThat(container.getEnv()).isEmpty();
        assertThat(container.getPorts()).hasSize(1);
        assertThat(after.getMetadata().getGeneration()).isEqualTo(2);
    }

    @Test
    void whatTwoManagersApplyStaysWhenOneStops() {
        defineWidgets();
        apply("one", widget("w", "{size: 1, parts: [{name: left, value: a}]}"));
        apply("two", widget("w", "{size: 1, parts: [{name: left, value: a}, {name: right}]}"));

        GenericKubernetesResource after = apply("two", widget("w", "{size: 1}"));

        assertThat(after.<List<?>>get("spec", "parts")).hasSize(1);
        assertThat(after.<String>get("spec", "parts", 0, "name")).isEqualTo("left");
    }

    @Test
    void anUpdateByAnotherClientTakesOwnershipAndConflictsLater() {
        apply("one", configMap("c", "k", "1"));
        client.configMaps().withName("c").edit(c -> {
            c.getData().put("k", "2");
            return c;
        });

        assertThatThrownBy(() -> apply("one", configMap("c", "k", "1")))
                .hasMessageContaining("conflict with \"fabric8-kubernetes-client\" using v1")
                .hasMessageContaining(".data.k");
    }

    @Test
    void theStatusIsOwnedThroughItsSubresourceAlone() {
        defineWidgets();
        apply("one", widget("w", "{size: 1}"));
        GenericKubernetesResource live =
                client.resource(widget("w", "{size: 1}")).get();
        live.setAdditionalProperty("status", java.util.Map.of("phase", "Up"));

        client.resource(live).updateStatus();

        GenericKubernetesResource after = client.resource(live).get();
        assertThat(after.<String>get("status", "phase")).isEqualTo("Up");
        assertThat(after.getMetadata().getGeneration()).isEqualTo(1);
        assertThat(after.getMetadata().getManagedFields())
                .anySatisfy(entry -> assertThat(entry.getSubresource()).isEqualTo("status"));
    }

    @Test
    void anUndeclaredFieldCannotBeApplied() {
        defineWidgets();

        assertThatThrownBy(() -> apply("one", widget("w", "{size: 1, colour: red}")))
                .hasMessageContaining(".spec.colour: field not declared in schema");
    }

    @Test
    void formsThatKubernetesDoesNotKeepComeBackInItsOwn() {
        String odd = DEPLOYMENT.replace(
                "    env: [{name: A, value: a}]",
                "    env: []\n        resources: {limits: {cpu: 1000m, memory: 1024Mi}}\n"
                        + "        livenessProbe: {initialDelaySeconds: 0, tcpSocket: {port: 1}}");

        Deployment stored = apply("one", deployment(odd));

        var container = stored.getSpec().getTemplate().getSpec().getContainers().get(0);
        assertThat(container.getResources().getLimits())
                .hasToString("{cpu=1, memory=1Gi}")
                .hasSize(2);
        assertThat(container.getLivenessProbe().getInitialDelaySeconds()).isNull();
        long version = api.resourceVersion();
        apply("one", deployment(odd));
        assertThat(api.resourceVersion()).isEqualTo(version);
    }

    private static Deployment deployment(String yaml) {
        return Serialization.unmarshal(yaml, Deployment.class);
    }

    private static List<String> managers(HasMetadata object) {
        return object.getMetadata().getManagedFields().stream()
                .map((ManagedFieldsEntry entry) -> entry.getManager() + " " + entry.getOperation())
                .toList();
    }
}
