// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.crdgen;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Estimates the maximum cost of a validation rule as the API server does before it accepts a CRD: the bounds of what the rule
 * reads, times the bounds of all lists around it. Only regular expressions and concatenations are counted, since everything else in our rules is
 * cheap in comparison (cel-go, checker/cost.go).
 */
final class CelCost {

    /** Limit of one rule (StaticEstimatedCostLimit in apiextensions-apiserver). */
    static final long RULE_LIMIT = 10_000_000;

    /** Limit of all rules of a CRD (StaticEstimatedCRDCostLimit). */
    static final long CRD_LIMIT = 100_000_000;

    private static final Pattern MATCHES =
            Pattern.compile("(''|[\\w.]+)\\.matches\\((?:r?'([^']*)'|r?\"([^\"]*)\"|([\\w.]+))\\)");

    /** A message expression. */
    private static final Pattern CONCATENATION = Pattern.compile("'((?:[^'\\\\]|\\\\.)*)' \\+ ([\\w.]+)");

    private static final Pattern EACH = Pattern.compile("([\\w.]+)\\.(?:all|exists|exists_one)\\((\\w+),");

    /** maxLength counts code points, which take up to four bytes. */
    private static final int BYTES_A_CODE_POINT = 4;

    /** Maximum size of an object, in ASCII characters. */
    private static final long LONGEST_NAME = 253;

    private static final double A_BYTE_OF_TEXT = 0.1;
    private static final double A_BYTE_OF_EXPRESSION = 0.25;

    private final Map<String, ObjectNode> fields;

    CelCost(Map<String, ObjectNode> fields) {
        this.fields = fields;
    }

    /** @param path of the field that the rule belongs to */
    long of(String path, String rule) {
        Map<String, String> variables = new HashMap<>(Map.of("self", path));
        long rounds = 1;
        for (Matcher each = EACH.matcher(rule); each.find(); ) {
            String list = resolve(each.group(1), variables);
            variables.put(each.group(2), list + "[]");
            rounds *= bound(list, "maxItems");
        }
        long cost = 0;
        for (Matcher matches = MATCHES.matcher(rule); matches.find(); ) {
            String literal = matches.group(2) == null ? matches.group(3) : matches.group(2);
            long text = matches.group(1).equals("''") ? 0 : bytes(resolve(matches.group(1), variables));
            long expression = literal == null ? bytes(resolve(matches.group(4), variables)) : literal.length();
            cost += ceil((text + 1) * A_BYTE_OF_TEXT) * ceil(expression * A_BYTE_OF_EXPRESSION);
        }
        for (Matcher both = CONCATENATION.matcher(rule); both.find(); ) {
            cost += ceil((both.group(1).length() + bytes(resolve(both.group(2), variables))) * A_BYTE_OF_TEXT);
        }
        return cost * rounds * around(path);
    }

    /** How often the field can occur in one object. */
    private long around(String path) {
        long number = 1;
        for (int at = path.indexOf("[]"); at >= 0; at = path.indexOf("[]", at + 2)) {
            number *= bound(path.substring(0, at), "maxItems");
        }
        for (int at = path.indexOf("{}"); at >= 0; at = path.indexOf("{}", at + 2)) {
            number *= bound(path.substring(0, at), "maxProperties");
        }
        return number;
    }

    private static String resolve(String expression, Map<String, String> variables) {
        int dot = expression.indexOf('.');
        String root = dot < 0 ? expression : expression.substring(0, dot);
        return variables.get(root) + (dot < 0 ? "" : expression.substring(dot));
    }

    private long bytes(String path) {
        if (path.equals(".metadata.name")) {
            return LONGEST_NAME;
        }
        return BYTES_A_CODE_POINT * bound(path, "maxLength");
    }

    private long bound(String path, String name) {
        JsonNode bound = fields.containsKey(path) ? fields.get(path).path(name) : null;
        if (bound == null || !bound.isIntegralNumber()) {
            throw new IllegalStateException(path + " needs " + name + ", or this test cannot tell what a rule costs");
        }
        return bound.asLong();
    }

    private static long ceil(double cost) {
        return (long) Math.ceil(cost);
    }
}
