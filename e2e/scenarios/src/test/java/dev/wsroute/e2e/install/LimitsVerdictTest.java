// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.install;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.wsroute.api.v1alpha1.WebSocketRoute;
import dev.wsroute.operator.limits.CurrentLimits;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The policy that {@code kubectl apply} meets and the operator give the same verdict, with the same sentences, on what a route
 * asks for.
 */
class LimitsVerdictTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final YAMLMapper YAML = new YAMLMapper();
    private static final String SOURCE = " in ConfigMap wsroute-system/wsroute-limits allows ";
    private static final JsonNode TABLE = read("/limits-verdicts.yaml");

    private static final PolicyExpressions POLICY = policy("wsroute-limits");
    private static final PolicyExpressions SCALING = policy("wsroute-limits-scale");

    static List<JsonNode> rows() {
        List<JsonNode> rows = new ArrayList<>();
        TABLE.forEach(rows::add);
        return rows;
    }

    @ParameterizedTest
    @MethodSource("rows")
    void bothDoorsGiveTheVerdictOfTheTable(JsonNode row) {
        List<String> expected = new ArrayList<>();
        row.path("says")
                .forEach(sentence -> expected.add(
                        "spec.proxy." + sentence.asText().replaceFirst(": (\\w+) allows ", ": $1" + SOURCE)));

        assertThat(operator(row.path("proxy"), row.path("limits"))).isEqualTo(expected);
        assertThat(policy(row.path("proxy"), row.path("limits"))).isEqualTo(expected);
    }

    @Test
    void theTableRefusesEachField() {
        assertThat(rows().stream().flatMap(row -> {
                    List<String> fields = new ArrayList<>();
                    row.path("says")
                            .forEach(sentence -> fields.add(sentence.asText().split(" ")[0]));
                    return fields.stream();
                }))
                .contains(
                        "image",
                        "replicas",
                        "autoscaling.maxReplicas",
                        "service.type",
                        "service.annotations",
                        "podLabels",
                        "podAnnotations",
                        "priorityClassName",
                        "tolerations",
                        "nodeSelector",
                        "affinity",
                        "affinity.nodeAffinity",
                        "affinity.podAffinity",
                        "affinity.podAntiAffinity",
                        "topologySpreadConstraints",
                        "resources",
                        "drain.delay",
                        "drain.over",
                        "drain.closeTimeout");
    }

    /** Any limits of the table with any fields of the table. A failure names its seed, the number of the repetition. */
    @RepeatedTest(300)
    void bothDoorsAgreeOnEveryMixture(RepetitionInfo repetition) {
        Random random = new Random(repetition.getCurrentRepetition());
        ObjectNode proxy = JSON.createObjectNode();
        ObjectNode limits = JSON.createObjectNode();
        List<JsonNode> rows = new ArrayList<>(rows());
        Collections.shuffle(rows, random);
        rows.stream().limit(1 + random.nextInt(12)).forEach(row -> proxy.setAll((ObjectNode) row.path("proxy")));
        rows.stream()
                .skip(random.nextInt(12))
                .limit(random.nextInt(12))
                .map(row -> row.path("limits"))
                .filter(JsonNode::isObject)
                .forEach(data -> limits.setAll((ObjectNode) data));

        assertThat(policy(proxy, limits)).as("%s with %s", proxy, limits).isEqualTo(operator(proxy, limits));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 10, 11, 1000})
    void scalingMeetsTheSameMaximum(int replicas) {
        ObjectNode scale = JSON.createObjectNode();
        scale.putObject("spec").put("replicas", replicas);
        ObjectNode none = JSON.createObjectNode();

        assertThat(SCALING.messages(scale, configMap(none)))
                .isEqualTo(operator(JSON.createObjectNode().put("replicas", replicas), none));
    }

    private static PolicyExpressions policy(String name) {
        try {
            return new PolicyExpressions(name);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> policy(JsonNode proxy, JsonNode limits) {
        return POLICY.messages(route(proxy), configMap(limits));
    }

    private static List<String> operator(JsonNode proxy, JsonNode limits) {
        CurrentLimits current = new CurrentLimits("wsroute-system", "wsroute-limits");
        current.observe(Serialization.unmarshal(configMap(limits).toString(), ConfigMap.class));
        assertThat(current.isFaulty()).as("faults of %s", limits).isFalse();
        return current.problems(Serialization.unmarshal(route(proxy).toString(), WebSocketRoute.class));
    }

    private static ObjectNode configMap(JsonNode data) {
        ObjectNode map = JSON.createObjectNode().put("apiVersion", "v1").put("kind", "ConfigMap");
        map.putObject("metadata").put("namespace", "wsroute-system").put("name", "wsroute-limits");
        if (data.isObject()) {
            map.set("data", data);
        }
        return map;
    }

    private static ObjectNode route(JsonNode proxy) {
        ObjectNode route = JSON.createObjectNode()
                .put("apiVersion", "wsroute.dev/v1alpha1")
                .put("kind", "WebSocketRoute");
        route.putObject("metadata").put("namespace", "apps").put("name", "chat");
        ObjectNode spec = route.putObject("spec");
        spec.putArray("rules");
        spec.set("proxy", proxy);
        return route;
    }

    private static JsonNode read(String resource) {
        try (InputStream in = LimitsVerdictTest.class.getResourceAsStream(resource)) {
            return YAML.readTree(Objects.requireNonNull(in));
        } catch (IOException e) {
            throw new UncheckedIOException(resource, e);
        }
    }
}
