// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.install;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.google.protobuf.NullValue;
import dev.cel.bundle.Cel;
import dev.cel.bundle.CelFactory;
import dev.cel.common.CelFunctionDecl;
import dev.cel.common.CelOptions;
import dev.cel.common.CelOverloadDecl;
import dev.cel.common.CelValidationException;
import dev.cel.common.types.ListType;
import dev.cel.common.types.SimpleType;
import dev.cel.extensions.CelExtensions;
import dev.cel.parser.CelStandardMacro;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelFunctionBinding;
import dev.cel.runtime.CelRuntime;
import dev.wsroute.e2e.dev.Repository;
import io.fabric8.kubernetes.api.model.Quantity;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Evaluates a ValidatingAdmissionPolicy of deploy/kustomize, with the functions that Kubernetes adds to CEL. */
final class PolicyExpressions {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Cel CEL = environment();

    /** Words of CEL that a variable could otherwise have by accident. */
    private static final Set<String> RESERVED = Set.of("namespace", "package", "import", "function", "in", "as", "var");

    private record Validation(CelRuntime.Program expression, CelRuntime.Program message) {}

    private final Map<String, CelRuntime.Program> variables = new LinkedHashMap<>();
    private final List<Validation> validations = new ArrayList<>();

    /**
     * Reads a policy of deploy/kustomize/limits-policy/policy.yaml.
     *
     * @throws IllegalStateException if an expression does not compile
     */
    PolicyExpressions(String policy) throws IOException {
        this("limits-policy/policy.yaml", policy);
    }

    /**
     * @param file in deploy/kustomize
     * @throws IllegalStateException if an expression does not compile
     */
    PolicyExpressions(String file, String policy) throws IOException {
        JsonNode spec = find(file, policy);
        for (JsonNode variable : spec.path("variables")) {
            String name = variable.get("name").asText();
            if (RESERVED.contains(name)) {
                throw new IllegalStateException("Kubernetes refuses a variable called " + name);
            }
            variables.put(name, program(variable.get("expression")));
        }
        for (JsonNode validation : spec.path("validations")) {
            validations.add(new Validation(
                    program(validation.get("expression")),
                    validation.has("message")
                            ? program(JSON.getNodeFactory()
                                    .textNode("'"
                                            + validation.get("message").asText().replace("'", "\\'") + "'"))
                            : program(validation.get("messageExpression"))));
        }
    }

    private static JsonNode find(String file, String policy) throws IOException {
        List<JsonNode> documents = new YAMLMapper()
                .readerFor(JsonNode.class)
                .<JsonNode>readValues(new YAMLFactory()
                        .createParser(Repository.locate()
                                .get("deploy/kustomize/" + file)
                                .toFile()))
                .readAll();
        return documents.stream()
                .filter(document -> document.get("kind").asText().equals("ValidatingAdmissionPolicy"))
                .filter(document -> document.at("/metadata/name").asText().equals(policy))
                .map(document -> document.get("spec"))
                .findFirst()
                .orElseThrow();
    }

    /** The message of each validation that does not hold when an object is created. */
    List<String> messages(JsonNode object, JsonNode params) {
        return messages(object, NullNode.getInstance(), params);
    }

    /**
     * The message of each validation that does not hold.
     *
     * @param object null if it is deleted
     * @param before null if the object is created
     */
    List<String> messages(JsonNode object, JsonNode before, JsonNode params) {
        Map<String, Object> variables = new HashMap<>();
        Map<String, Object> known = Map.of(
                "object",
                object.isNull() ? NullValue.NULL_VALUE : value(object),
                "oldObject",
                before.isNull() ? NullValue.NULL_VALUE : value(before),
                "params",
                value(params),
                "variables",
                Collections.unmodifiableMap(variables));
        try {
            for (Map.Entry<String, CelRuntime.Program> variable : this.variables.entrySet()) {
                variables.put(variable.getKey(), variable.getValue().eval(known));
            }
            List<String> messages = new ArrayList<>();
            for (Validation validation : validations) {
                if (!(Boolean) validation.expression().eval(known)) {
                    messages.add((String) validation.message().eval(known));
                }
            }
            return messages;
        } catch (CelEvaluationException e) {
            throw new IllegalStateException("for " + object + " with " + params, e);
        }
    }

    private static CelRuntime.Program program(JsonNode expression) {
        try {
            return CEL.createProgram(CEL.compile(expression.asText()).getAst());
        } catch (CelValidationException | CelEvaluationException e) {
            throw new IllegalStateException(expression.asText(), e);
        }
    }

    private static Object value(JsonNode node) {
        if (node.isObject()) {
            Map<String, Object> map = new HashMap<>();
            node.properties().forEach(field -> map.put(field.getKey(), value(field.getValue())));
            return map;
        }
        if (node.isArray()) {
            List<Object> list = new ArrayList<>();
            node.forEach(item -> list.add(value(item)));
            return list;
        }
        return node.isIntegralNumber() ? Long.valueOf(node.longValue()) : JSON.convertValue(node, Object.class);
    }

    private static Cel environment() {
        CelOptions options = CelOptions.current()
                .enableHeterogeneousNumericComparisons(true)
                .enableRegexPartialMatch(true)
                .enableOptionalSyntax(true)
                .build();
        return CelFactory.standardCelBuilder()
                .setOptions(options)
                .setStandardMacros(CelStandardMacro.STANDARD_MACROS)
                .addVar("object", SimpleType.DYN)
                .addVar("oldObject", SimpleType.DYN)
                .addVar("params", SimpleType.DYN)
                .addVar("variables", SimpleType.DYN)
                .addCompilerLibraries(CelExtensions.strings(), CelExtensions.optional())
                .addRuntimeLibraries(CelExtensions.strings(), CelExtensions.optional())
                .addFunctionDeclarations(
                        CelFunctionDecl.newFunctionDeclaration(
                                "isQuantity",
                                CelOverloadDecl.newGlobalOverload("is_quantity", SimpleType.BOOL, SimpleType.STRING)),
                        CelFunctionDecl.newFunctionDeclaration(
                                "quantity",
                                CelOverloadDecl.newGlobalOverload("quantity", SimpleType.DYN, SimpleType.STRING)),
                        CelFunctionDecl.newFunctionDeclaration(
                                "isGreaterThan",
                                CelOverloadDecl.newMemberOverload(
                                        "is_greater", SimpleType.BOOL, SimpleType.DYN, SimpleType.DYN)),
                        CelFunctionDecl.newFunctionDeclaration(
                                "min",
                                CelOverloadDecl.newMemberOverload(
                                        "list_min", SimpleType.DYN, ListType.create(SimpleType.DYN))))
                .addFunctionBindings(
                        CelFunctionBinding.from("is_quantity", String.class, PolicyExpressions::isQuantity),
                        CelFunctionBinding.from("quantity", String.class, text -> Map.of("amount", text)),
                        CelFunctionBinding.from(
                                "is_greater", Map.class, Map.class, (one, other) -> amount(one) > amount(other)),
                        CelFunctionBinding.from("list_min", List.class, PolicyExpressions::min))
                .build();
    }

    /** In the order of Kubernetes, by bytes, which is that of the characters in these lists. */
    private static String min(List<?> list) {
        return list.stream().map(String.class::cast).min(String::compareTo).orElseThrow();
    }

    private static boolean isQuantity(String text) {
        try {
            Quantity.getAmountInBytes(Quantity.parse(text));
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static double amount(Map<?, ?> quantity) {
        return Quantity.getAmountInBytes(Quantity.parse(String.valueOf(quantity.get("amount"))))
                .doubleValue();
    }
}
