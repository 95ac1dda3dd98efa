// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.cluster.api.schema;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cel.runtime.CelEvaluationException;
import dev.wsroute.e2e.cluster.api.store.ApiError.Cause;
import dev.wsroute.e2e.cluster.api.store.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The {@code x-kubernetes-validations} of a schema, at any depth. */
public final class Rules {

    private static final Pattern TRANSITION = Pattern.compile("\\boldSelf\\b");

    /** Created with the first rule, since that takes half a second, which a server without rules can save. */
    private final Memoized<Expressions> expressions = new Memoized<>(Expressions::new);

    /** Returns the errors in the rules themselves. */
    public List<Cause> compile(Schema schema, String path) {
        List<Cause> causes = new ArrayList<>();
        compile(schema, path, causes);
        return causes;
    }

    private void compile(Schema schema, String path, List<Cause> causes) {
        JsonNode rules = schema.raw().path("x-kubernetes-validations");
        for (int i = 0; i < rules.size(); i++) {
            for (String field : List.of("rule", "messageExpression")) {
                String expression = rules.get(i).path(field).asText("");
                String at = path + ".x-kubernetes-validations[" + i + "]." + field;
                if (!expression.isEmpty()) {
                    expressions
                            .get()
                            .compile(expression)
                            .ifPresent(problem -> causes.add(new Cause(
                                    "FieldValueInvalid",
                                    "Invalid value: " + Json.fromValue(expression) + ": " + problem,
                                    at)));
                }
            }
        }
        schema.properties().forEach((name, of) -> compile(of, path + ".properties[" + name + "]", causes));
        if (schema.items() != null) {
            compile(schema.items(), path + ".items", causes);
        }
        if (schema.additional() != null) {
            compile(schema.additional(), path + ".additionalProperties", causes);
        }
    }

    /**
     * Evaluates every rule of the schema.
     *
     * @param old the previous value, for transition rules; null if there was none
     */
    public List<Cause> check(JsonNode value, @Nullable JsonNode old, Schema schema) {
        List<Cause> causes = new ArrayList<>();
        check(value, old, schema, "", causes);
        return causes;
    }

    private void check(JsonNode value, @Nullable JsonNode old, Schema schema, String path, List<Cause> causes) {
        if (value.isNull()) {
            return;
        }
        for (JsonNode rule : schema.raw().path("x-kubernetes-validations")) {
            boolean transition = TRANSITION.matcher(rule.path("rule").asText()).find();
            if (!transition || old != null) {
                evaluate(rule, value, transition ? old : null, schema, path, causes);
            }
        }
        if (value.isObject()) {
            for (Map.Entry<String, JsonNode> field : value.properties()) {
                Schema of = schema.field(field.getKey());
                if (of != null) {
                    JsonNode before = old == null ? null : old.get(field.getKey());
                    String at = path.isEmpty() ? field.getKey() : path + "." + field.getKey();
                    check(field.getValue(), before, of, at, causes);
                }
            }
        } else if (value.isArray()) {
            for (int i = 0; i < value.size(); i++) {
                JsonNode before = old == null ? null : correlated(value.get(i), old, schema);
                check(value.get(i), before, schema.itemsOrAny(), path + "[" + i + "]", causes);
            }
        }
    }

    /** Items of a list can be matched with their previous state only by keys. */
    private static @Nullable JsonNode correlated(JsonNode item, JsonNode old, Schema schema) {
        if (schema.listKind() != Schema.ListKind.MAP) {
            return null;
        }
        for (JsonNode candidate : old) {
            if (schema.listKeys().stream().allMatch(key -> Json.same(candidate.path(key), item.path(key)))) {
                return candidate;
            }
        }
        return null;
    }

    private void evaluate(
            JsonNode rule, JsonNode value, @Nullable JsonNode old, Schema schema, String path, List<Cause> causes) {
        String expression = rule.path("rule").asText();
        Object self = Expressions.value(value, schema);
        Object oldSelf = old == null ? null : Expressions.value(old, schema);
        String field = path + rule.path("fieldPath").asText("");
        try {
            if (!Boolean.TRUE.equals(expressions.get().evaluate(expression, self, oldSelf))) {
                causes.add(failure(rule, message(rule, self, oldSelf), schema, field));
            }
        } catch (CelEvaluationException e) {
            String problem = "rule evaluation error: " + e.getMessage() + " evaluating rule: " + expression;
            causes.add(failure(rule, problem, schema, field));
        }
    }

    private String message(JsonNode rule, Object self, @Nullable Object oldSelf) {
        String plain =
                rule.path("message").asText("failed rule: " + rule.path("rule").asText());
        String computed = rule.path("messageExpression").asText("");
        if (computed.isEmpty()) {
            return plain;
        }
        try {
            return expressions.get().evaluate(computed, self, oldSelf).toString();
        } catch (CelEvaluationException e) {
            return plain;
        }
    }

    private static Cause failure(JsonNode rule, String message, Schema schema, String path) {
        String field = path.isEmpty() ? "<nil>" : path.startsWith(".") ? path.substring(1) : path;
        String reason = rule.path("reason").asText("FieldValueInvalid");
        return switch (reason) {
            case "FieldValueRequired" -> new Cause(reason, "Required value: " + message, field);
            case "FieldValueForbidden" -> new Cause(reason, "Forbidden: " + message, field);
            case "FieldValueDuplicate" ->
                new Cause(reason, "Duplicate value: \"" + schema.type() + "\": " + message, field);
            default -> new Cause(reason, "Invalid value: \"" + schema.type() + "\": " + message, field);
        };
    }
}
