// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.cluster.api.schema;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cel.bundle.Cel;
import dev.cel.bundle.CelFactory;
import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelOptions;
import dev.cel.common.CelValidationException;
import dev.cel.common.types.SimpleType;
import dev.cel.extensions.CelExtensions;
import dev.cel.parser.CelStandardMacro;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Compiles and evaluates CEL expressions over JSON values, with the functions that Kubernetes adds. */
final class Expressions {

    private static final Set<String> RESERVED = Set.of(
            "true",
            "false",
            "null",
            "in",
            "as",
            "break",
            "const",
            "continue",
            "else",
            "for",
            "function",
            "if",
            "import",
            "let",
            "loop",
            "package",
            "namespace",
            "return",
            "var",
            "void",
            "while");

    private final Cel cel = environment();
    private final Map<String, CelRuntime.Program> programs = new ConcurrentHashMap<>();

    /** Returns the error in the expression; empty if it compiles. */
    Optional<String> compile(String expression) {
        try {
            program(expression);
            return Optional.empty();
        } catch (CelValidationException | CelEvaluationException e) {
            return Optional.of("compilation failed: " + e.getMessage());
        }
    }

    /**
     * Evaluates an expression.
     *
     * @throws CelEvaluationException if the evaluation fails, for example because of a missing key
     */
    Object evaluate(String expression, Object self, @Nullable Object oldSelf) throws CelEvaluationException {
        Map<String, Object> variables = new HashMap<>();
        variables.put("self", self);
        if (oldSelf != null) {
            variables.put("oldSelf", oldSelf);
        }
        try {
            return program(expression).eval(variables);
        } catch (CelValidationException e) {
            throw new IllegalStateException("This expression was accepted with its schema: " + expression, e);
        }
    }

    private CelRuntime.Program program(String expression) throws CelValidationException, CelEvaluationException {
        CelRuntime.Program known = programs.get(expression);
        if (known == null) {
            CelAbstractSyntaxTree tree = cel.compile(expression).getAst();
            known = cel.createProgram(tree);
            programs.put(expression, known);
        }
        return known;
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
                .addVar("self", SimpleType.DYN)
                .addVar("oldSelf", SimpleType.DYN)
                .addCompilerLibraries(
                        CelExtensions.strings(),
                        CelExtensions.lists(),
                        CelExtensions.sets(options),
                        CelExtensions.bindings(),
                        CelExtensions.optional())
                .addRuntimeLibraries(
                        CelExtensions.strings(),
                        CelExtensions.lists(),
                        CelExtensions.sets(options),
                        CelExtensions.optional())
                .addFunctionDeclarations(KubernetesFunctions.DECLARATIONS)
                .addFunctionBindings(KubernetesFunctions.BINDINGS)
                .build();
    }

    /** Converts JSON to values for CEL. Declared field names that are not identifiers are escaped. */
    static Object value(JsonNode node, Schema schema) {
        if (node.isObject()) {
            Map<String, Object> map = new HashMap<>();
            for (Map.Entry<String, JsonNode> field : node.properties()) {
                String name = schema.declares(field.getKey()) ? escape(field.getKey()) : field.getKey();
                if (!field.getValue().isNull()) {
                    map.put(name, value(field.getValue(), schema.fieldOrAny(field.getKey())));
                }
            }
            return map;
        } else if (node.isArray()) {
            List<Object> list = new ArrayList<>();
            node.forEach(item -> list.add(value(item, schema.itemsOrAny())));
            return list;
        } else if (node.isNumber()) {
            boolean real = schema.type().equals("number") || !node.isIntegralNumber();
            if (real && !schema.type().equals("integer")) {
                return node.doubleValue();
            }
            return node.longValue();
        } else if (node.isBoolean()) {
            return node.booleanValue();
        }
        return node.asText();
    }

    private static String escape(String name) {
        if (RESERVED.contains(name)) {
            return "__" + name + "__";
        }
        return name.replace("__", "__underscores__")
                .replace(".", "__dot__")
                .replace("-", "__dash__")
                .replace("/", "__slash__");
    }
}
