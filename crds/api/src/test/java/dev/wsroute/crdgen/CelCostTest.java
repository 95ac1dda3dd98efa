// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.crdgen;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** The API server rejects a CRD if it estimates that one of its rules is too expensive. */
@ParameterizedClass
@ValueSource(strings = {"websocketroutes", "websocketpolicies"})
class CelCostTest {

    private final Map<String, ObjectNode> fields;
    private final Map<String, Long> costs = new LinkedHashMap<>();

    CelCostTest(String plural) throws IOException {
        fields = fields(plural);
        CelCost cost = new CelCost(fields);
        fields.forEach((path, schema) -> schema.path("x-kubernetes-validations").forEach(validation -> {
            String rule = validation.get("rule").asText();
            costs.put(path + ": " + rule, cost.of(path, rule));
            String message = validation.path("messageExpression").asText();
            costs.put(path + ": " + rule + ": " + message, cost.of(path, message));
        }));
    }

    private static Map<String, ObjectNode> fields(String plural) throws IOException {
        return SchemaNodes.byPath(
                CommittedFiles.schema(CommittedFiles.read(Path.of("../" + plural + ".wsroute.dev.yaml"))));
    }

    @Test
    void everyRuleIsFarBelowTheLimit() {
        costs.values().removeIf(cost -> cost < CelCost.RULE_LIMIT * 4 / 5);

        assertThat(costs).isEmpty();
    }

    @Test
    void allRulesTogetherDoNotComeNearTheLimit() {
        assertThat(costs.values().stream().mapToLong(Long::longValue).sum()).isLessThan(CelCost.CRD_LIMIT * 3 / 4);
    }

    /** Kubernetes 1.36 said 1.498 times the limit. */
    @Test
    void theEstimateIsThatOfTheApiServer() throws IOException {
        Map<String, ObjectNode> routes = fields("websocketroutes");
        String path = "spec.rules[].trailers.request";
        String rule = routes.get(path).at("/x-kubernetes-validations/0/rule").asText();
        routes.get(path + "[]").put("maxLength", 256);

        assertThat(new CelCost(routes).of(path, rule) / (double) CelCost.RULE_LIMIT)
                .isBetween(1.4, 1.5);
    }
}
