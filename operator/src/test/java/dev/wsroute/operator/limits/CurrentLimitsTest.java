// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.limits;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wsroute.api.v1alpha1.ProxySpec;
import dev.wsroute.api.v1alpha1.WebSocketRoute;
import dev.wsroute.operator.cache.PartialObject;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CurrentLimitsTest {

    private static final Pattern ROW = Pattern.compile("(?m)^\\| `(\\w+)` \\| (.+?) \\| .*(?<!\\|)\\|$");

    private final CurrentLimits limits = new CurrentLimits("system", "limits");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "image            | *              | image is unknown; the keys are images, serviceTypes,",
                "images           | registry.ex*   | images must be an image, or the beginning of one with at least its registry",
                "images           | r/a*b          | images must be an image",
                "serviceTypes     | ExternalName   | serviceTypes must be ClusterIP, NodePort, LoadBalancer or *, got \"ExternalName\"",
                "podLabels        | a*=b           | podLabels must be a word with at most one *, at its end, got \"a*=b\"",
                "podAffinity      | restricted     | podAffinity must be Restricted or Unrestricted",
                "maxReplicas      | 10000          | maxReplicas must be a number of at most four digits",
                "maxReplicas      | -1             | maxReplicas must be a number of at most four digits",
                "maxResources     | cpu            | maxResources must be a resource and its maximum, such as memory=4Gi or memory=*, got \"cpu\"",
                "maxResources     | cpu=lots       | maxResources must be a resource and its maximum",
                "maxDrain         | 1 hour         | maxDrain must be a duration such as 90s or 1h, got \"1 hour\"",
            })
    void aConfigMapWithAFaultLeavesTheLimitsAsTheyWere(String key, String value, String fault) {
        assertThat(limits.observe(map(Map.of("maxReplicas", "12")))).isTrue();

        assertThat(RouteLimits.faults(Map.of(key, value)))
                .singleElement()
                .asString()
                .startsWith(fault);
        Map<String, String> data = new HashMap<>(Map.of("maxReplicas", "40", "serviceTypes", "*"));
        data.put(key, value);
        assertThat(limits.observe(map(data))).isFalse();

        assertThat(limits.isFaulty()).isTrue();
        assertThat(limits.problems(route("{replicas: 12}"))).isEmpty();
        assertThat(limits.problems(route("{replicas: 13}"))).hasSize(1);
    }

    /** An operator that has just started cannot know the former limits, which may have been narrower than the defaults. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "maxReplicas        | lots       | {replicas: 1}",
                "images             | r.ex*      | {image: r.example.com/a}",
                "serviceTypes       | Cluster    | {service: {type: ClusterIP}}",
                "serviceAnnotations | a*b        | {service: {annotations: {a: b}}}",
                "podLabels          | a*=b       | {podLabels: {a: b}}",
                "podAnnotations     | a*=b       | {podAnnotations: {a: b}}",
                "priorityClasses    | *a         | {priorityClassName: a}",
                "tolerations        | *a         | {tolerations: [{key: node.kubernetes.io/not-ready, operator: Exists}]}",
                "nodeLabels         | *a         | {nodeSelector: {kubernetes.io/os: linux}}",
                "podAffinity        | Any        | {affinity: {podAffinity: {requiredDuringSchedulingIgnoredDuringExecution: [{topologyKey: kubernetes.io/hostname, namespaceSelector: {}}]}}}",
                "maxResources       | cpu        | {resources: {limits: {memory: 1Mi}}}",
                "maxDrain           | 1 hour     | {drain: {delay: 1s}}",
            })
    void afterARestartAFaultyKeyAllowsNothingAndTheOthersHold(String key, String value, String proxy) {
        Map<String, String> data = new HashMap<>(Map.of("maxReplicas", "3", "serviceTypes", "NodePort"));
        data.put(key, value);

        assertThat(limits.observe(map(data))).isTrue();

        assertThat(limits.problems(route(proxy)))
                .hasSize(2)
                .element(1)
                .asString()
                .startsWith("ConfigMap system/limits has a fault, and what cannot be read allows nothing: " + key
                        + " must be ");
        if (!key.equals("maxReplicas")) {
            assertThat(limits.problems(route("{replicas: 3}"))).isEmpty();
            assertThat(limits.problems(route("{replicas: 4}"))).hasSize(2);
        }
        if (!key.equals("serviceTypes")) {
            assertThat(limits.problems(route("{service: {type: NodePort}}"))).isEmpty();
        }
        assertThat(limits.isFaulty()).isTrue();
    }

    @Test
    void afterARestartTheOtherKeysHoldBesideAnUnknownOne() {
        limits.observe(map(Map.of("maxReplica", "3", "maxReplicas", "2")));

        assertThat(limits.problems(route("{replicas: 2}"))).isEmpty();
        assertThat(limits.problems(route("{replicas: 3}"))).hasSize(2);
        assertThat(limits.problems(route("{service: {type: ClusterIP}}"))).isEmpty();
        assertThat(limits.isFaulty()).isTrue();

        assertThat(limits.observe(map(Map.of("maxReplicas", "2"))))
                .as("the sentence about the fault is gone")
                .isTrue();
        assertThat(limits.problems(route("{replicas: 3}"))).hasSize(1);
    }

    @Test
    void afterARestartAConfigMapThatCannotBeReadAllowsNothing() {
        ConfigMap partial = map(Map.of());
        partial.getMetadata().setAnnotations(Map.of(PartialObject.ANNOTATION, "true"));
        ConfigMap binary = map(Map.of("maxReplicas", "3"));
        binary.setBinaryData(Map.of("serviceTypes", "Kg=="));
        ConfigMap tooLong = map(Map.of("maxReplicas", "3", "images", "x".repeat(8193)));

        for (ConfigMap map : List.of(partial, binary, tooLong)) {
            limits.observe(map);

            assertThat(limits.problems(route("{replicas: 1}"))).hasSize(2);
            assertThat(limits.problems(route("{service: {type: ClusterIP}}"))).hasSize(2);
        }
    }

    @Test
    void routesAreReconciledWhenAFaultIsMendedOrAnotherOneTakesItsPlace() {
        assertThat(limits.observe(map(Map.of("maxReplicas", "lots")))).isTrue();
        assertThat(limits.observe(map(Map.of("maxReplicas", "lots")))).isFalse();
        assertThat(limits.observe(map(Map.of("maxReplicas", "many")))).isTrue();
        assertThat(limits.observe(map(Map.of("maxReplicas", "many", "maxDrain", "5s"))))
                .isTrue();

        assertThat(limits.observe(map(Map.of("maxReplicas", "10")))).isTrue();

        assertThat(limits.isFaulty()).isFalse();
        assertThat(limits.problems(route("{replicas: 10}"))).isEmpty();
        assertThat(limits.observe(map(Map.of("maxReplicas", "lots")))).isFalse();
        assertThat(limits.problems(route("{replicas: 10}"))).isEmpty();
        assertThat(limits.problems(route("{replicas: 11}"))).hasSize(1);
    }

    @Test
    void whatIsTooLargeToReadIsAFault() {
        ConfigMap partial = map(Map.of());
        partial.getMetadata().setAnnotations(Map.of(PartialObject.ANNOTATION, "true"));
        limits.observe(map(Map.of("maxReplicas", "1")));

        assertThat(limits.observe(partial)).isFalse();
        assertThat(limits.observe(map(Map.of("images", "x".repeat(8193))))).isFalse();

        assertThat(limits.isFaulty()).isTrue();
        assertThat(limits.problems(route("{replicas: 2}"))).hasSize(1);
    }

    @Test
    void theDefaultsHoldWithoutAConfigMapAndAgainOnceItIsGone() {
        assertThat(limits.problems(route("{replicas: 11}"))).hasSize(1);
        limits.observe(map(Map.of("maxReplicas", "12")));
        assertThat(limits.problems(route("{replicas: 12}"))).isEmpty();

        assertThat(limits.observe(null)).isTrue();

        assertThat(limits.problems(route("{replicas: 11}"))).hasSize(1);
    }

    @Test
    void aRouteWithoutAProxyIsWithinAnyLimits() {
        limits.observe(map(Map.of("maxReplicas", "0", "serviceTypes", "")));

        assertThat(limits.problems(new WebSocketRoute())).isEmpty();
    }

    @Test
    void theOperationsGuideListsEachKeyWithItsDefault() throws IOException {
        String guide = Files.readString(Path.of("../docs/operations.md"));
        String section = guide.substring(guide.indexOf("### Limits of routes"), guide.indexOf("Values are words"));
        Map<String, String> documented = new LinkedHashMap<>();
        Matcher row = ROW.matcher(section);
        while (row.find()) {
            documented.put(
                    row.group(1),
                    row.group(2).equals("none") ? "" : row.group(2).replace("`", ""));
        }
        Map<String, String> expected = new LinkedHashMap<>();
        Arrays.stream(Setting.values()).forEach(setting -> expected.put(setting.name(), setting.absent()));

        assertThat(documented).isEqualTo(expected);
    }

    /** A new field has to be limited, or listed here and explained in the operations guide. */
    @Test
    void eachFieldOfAProxyIsLimitedOrKnownToNeedNoLimit() {
        Set<String> limited = Set.of(
                "image",
                "replicas",
                "autoscaling",
                "service",
                "podLabels",
                "podAnnotations",
                "priorityClassName",
                "tolerations",
                "nodeSelector",
                "affinity",
                "topologySpreadConstraints",
                "resources",
                "drain");
        Set<String> harmless =
                Set.of("imagePullSecrets", "listeners", "limits", "clientAddress", "accessLog", "rebalance");

        assertThat(Arrays.stream(ProxySpec.class.getRecordComponents()).map(RecordComponent::getName))
                .allMatch(field -> limited.contains(field) || harmless.contains(field));
        assertThat(Arrays.stream(ProxySpec.ServiceSpec.class.getRecordComponents())
                        .map(RecordComponent::getName))
                .containsExactlyInAnyOrder("type", "annotations", "externalTrafficPolicy");
    }

    private static ConfigMap map(Map<String, String> data) {
        return new ConfigMapBuilder()
                .withNewMetadata()
                .endMetadata()
                .withData(data)
                .build();
    }

    private static WebSocketRoute route(String proxy) {
        return Serialization.unmarshal("""
                apiVersion: wsroute.dev/v1alpha1
                kind: WebSocketRoute
                metadata: {name: chat}
                spec:
                  rules: []
                  proxy: %s
                """.formatted(proxy), WebSocketRoute.class);
    }
}
