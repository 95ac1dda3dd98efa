// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.cluster.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClientException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CustomResourcesTest extends ApiUnderTest {

    @BeforeEach
    void define() {
        defineWidgets();
    }

    @Test
    void aDefinitionIsEstablishedAtOnce() {
        var conditions = client.apiextensions()
                .v1()
                .customResourceDefinitions()
                .withName("widgets.test.wsroute.dev")
                .get()
                .getStatus()
                .getConditions();

        assertThat(conditions).anySatisfy(condition -> {
            assertThat(condition.getType()).isEqualTo("Established");
            assertThat(condition.getStatus()).isEqualTo("True");
        });
    }

    @Test
    void defaultsAreFilledInAndUnknownFieldsPruned() {
        GenericKubernetesResource created =
                client.resource(widget("w", "{size: 3, colour: red}")).create();

        assertThat(created.<Integer>get("spec", "limit")).isEqualTo(10);
        assertThat(created.<Object>get("spec", "colour")).isNull();
        assertThat(created.getMetadata().getGeneration()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{limit: 3} | spec.size: Required value",
                "{size: 0} | spec.size: Invalid value: 0: spec.size in body should be greater than or equal to 1",
                "{size: big} | spec.size: Invalid value: \"string\": spec.size in body must be of type integer: \"string\"",
                "{size: 1, mode: Warp} | spec.mode: Unsupported value: \"Warp\": supported values: \"Fast\", \"Slow\"",
                "{size: 1, name: A} | spec.name: Invalid value: \"A\": spec.name in body should match '^[a-z]+$'",
                "{size: 1, name: abcdef} | spec.name: Too long: may not be more than 5 bytes",
                "{size: 1, labels: {a: 1}} | spec.labels.a: Invalid value: \"integer\"",
                "{size: 1, parts: [{name: a}, {name: a}]} | spec.parts[1]: Duplicate value: {\"name\":\"a\"}",
                "{size: 1, parts: [{name: a}, {name: b}, {name: c}, {name: d}]} | spec.parts: Too many: 4: must have at most 3 items",
                "{size: 30} | spec: Invalid value: \"object\": size must not exceed limit",
            })
    void aSpecAgainstTheSchemaIsRefusedWithTheFieldAndTheReason(String spec, String message) {
        assertThatThrownBy(() -> client.resource(widget("w", spec)).create())
                .isInstanceOfSatisfying(
                        KubernetesClientException.class,
                        e -> assertThat(e.getCode()).isEqualTo(422))
                .hasMessageContaining("Widget.test.wsroute.dev \"w\" is invalid: " + message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[{name: a}, {name: a}] | .spec.parts: duplicate entries for key [name=\"a\"]",
                "[{name: a}, {name: b}, {name: b}, {name: a}] | errors:; .spec.parts: duplicate entries for key [name=\"b\"]; "
                        + ".spec.parts: duplicate entries for key [name=\"a\"]",
            })
    void aKeyThatAListHasTwiceCannotBeApplied(String parts, String message) {
        assertThatThrownBy(() -> apply("me", widget("w", "{size: 1, parts: " + parts + "}")))
                .isInstanceOfSatisfying(
                        KubernetesClientException.class,
                        e -> assertThat(e.getStatus().getMessage())
                                .isEqualTo(
                                        "failed to create typed patch object (default/w; test.wsroute.dev/v1, Kind=Widget): "
                                                + message.replace("; ", "\n  ")));
    }

    @Test
    void aTransitionRuleComparesWithTheObjectBefore() {
        client.resource(widget("w", "{size: 1, mode: Fast}")).create();

        assertThatThrownBy(() ->
                        client.resource(widget("w", "{size: 1, mode: Slow}")).update())
                .hasMessageContaining("mode stays Fast");
        client.resource(widget("w", "{size: 2, mode: Fast}")).update();
    }

    @Test
    void theGenerationCountsChangesOfTheSpecOnly() {
        client.resource(widget("w", "{size: 1}")).create();
        GenericKubernetesResource labelled = client.resource(widget("w", "{size: 1}"))
                .edit(w -> {
                    w.getMetadata().setLabels(java.util.Map.of("a", "b"));
                    return w;
                });
        GenericKubernetesResource resized =
                client.resource(widget("w", "{size: 2}")).update();

        assertThat(labelled.getMetadata().getGeneration()).isEqualTo(1);
        assertThat(resized.getMetadata().getGeneration()).isEqualTo(2);
    }

    @Test
    void aStaleResourceVersionIsRefused() {
        GenericKubernetesResource first =
                client.resource(widget("w", "{size: 1}")).create();
        client.resource(widget("w", "{size: 2}")).update();

        assertThatThrownBy(() -> client.resource(first).update())
                .isInstanceOfSatisfying(
                        KubernetesClientException.class,
                        e -> assertThat(e.getCode()).isEqualTo(409))
                .hasMessageContaining("the object has been modified");
    }

    @Test
    void customResourcesScaleByThePathsOfTheirDefinition() {
        client.resource(widget("w", "{size: 1}")).create();

        client.genericKubernetesResources("test.wsroute.dev/v1", "Widget")
                .withName("w")
                .scale(4);

        assertThat(client.resource(widget("w", "{size: 1}")).get().<Integer>get("spec", "replicas"))
                .isEqualTo(4);
    }

    @Test
    void anObjectIsReadAndChangedInEveryServedVersion() {
        client.resource(WIDGETS).delete();
        String second = WIDGETS.substring(WIDGETS.indexOf("  - name: v1"))
                .replace("name: v1", "name: v2")
                .replace("storage: true", "storage: false");
        client.resource(WIDGETS + second).create();
        client.resource(widget("w", "{size: 1}")).create();

        client.genericKubernetesResources("test.wsroute.dev/v2", "Widget")
                .withName("w")
                .edit(w -> {
                    w.setAdditionalProperty("spec", java.util.Map.of("size", 2));
                    return w;
                });

        GenericKubernetesResource first =
                client.resource(widget("w", "{size: 1}")).get();
        assertThat(first.getApiVersion()).isEqualTo("test.wsroute.dev/v1");
        assertThat(first.<Integer>get("spec", "size")).isEqualTo(2);
    }

    @Test
    void removingTheDefinitionRemovesItsObjects() {
        client.resource(widget("w", "{size: 1}")).create();
        client.resource(WIDGETS).delete();

        assertThat(client.apiextensions()
                        .v1()
                        .customResourceDefinitions()
                        .list()
                        .getItems())
                .isEmpty();
        defineWidgets();
        assertThat(client.genericKubernetesResources("test.wsroute.dev/v1", "Widget")
                        .list()
                        .getItems())
                .isEmpty();
    }
}
