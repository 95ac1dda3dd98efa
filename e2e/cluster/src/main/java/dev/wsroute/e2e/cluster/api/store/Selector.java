// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.cluster.api.store;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Label and field selectors in the syntax of query parameters. */
public final class Selector {

    private static final Pattern SET_BASED = Pattern.compile("^(\\S+)\\s+(in|notin)\\s+\\((.*)\\)$");
    private static final Pattern EQUALITY = Pattern.compile("^([^=!\\s]+)\\s*(==|=|!=)\\s*(.*)$");

    private Selector() {}

    /**
     * Reads a label selector.
     *
     * @throws ApiError (400) if the selector is invalid
     */
    public static Predicate<ObjectNode> labels(String selector) {
        Predicate<ObjectNode> all = object -> true;
        for (String term : terms(selector)) {
            all = all.and(labelTerm(term));
        }
        return all;
    }

    /**
     * Reads a field selector.
     *
     * @param supported the supported fields in addition to metadata.name and metadata.namespace
     */
    public static Predicate<ObjectNode> fields(String selector, Set<String> supported) {
        Predicate<ObjectNode> all = object -> true;
        for (String term : terms(selector)) {
            Matcher equality = EQUALITY.matcher(term);
            if (!equality.matches()) {
                throw ApiError.badRequest("invalid field selector: \"" + term + "\"");
            }
            String field = equality.group(1);
            if (!field.equals("metadata.name") && !field.equals("metadata.namespace") && !supported.contains(field)) {
                throw ApiError.badRequest("field label not supported: " + field);
            }
            String[] path = field.split("\\.", -1);
            String wanted = equality.group(3).trim();
            boolean negated = equality.group(2).equals("!=");
            all = all.and(object -> Json.text(object, path).equals(wanted) != negated);
        }
        return all;
    }

    private static Predicate<ObjectNode> labelTerm(String term) {
        Matcher setBased = SET_BASED.matcher(term);
        if (setBased.matches()) {
            String key = setBased.group(1);
            Set<String> values = Stream.of(setBased.group(3).split(",", -1))
                    .map(String::trim)
                    .collect(Collectors.toSet());
            boolean in = setBased.group(2).equals("in");
            return object -> {
                JsonNode value = label(object, key);
                return in == (!value.isMissingNode() && values.contains(value.asText()));
            };
        }
        Matcher equality = EQUALITY.matcher(term);
        if (equality.matches()) {
            String key = equality.group(1);
            String wanted = equality.group(3).trim();
            boolean negated = equality.group(2).equals("!=");
            return object -> {
                JsonNode value = label(object, key);
                return negated != (!value.isMissingNode() && value.asText().equals(wanted));
            };
        }
        if (term.startsWith("!")) {
            String key = term.substring(1).trim();
            return object -> label(object, key).isMissingNode();
        }
        if (term.contains(" ") || term.contains("(")) {
            throw ApiError.badRequest("unable to parse requirement: \"" + term + "\"");
        }
        return object -> !label(object, term).isMissingNode();
    }

    private static JsonNode label(ObjectNode object, String key) {
        return Json.at(object, "metadata", "labels", key);
    }

    /** Splits at commas that are not within parentheses. */
    private static List<String> terms(String selector) {
        List<String> terms = new ArrayList<>();
        int depth = 0;
        int start = 0;
        for (int i = 0; i <= selector.length(); i++) {
            char c = i == selector.length() ? ',' : selector.charAt(i);
            if (c == '(') {
                depth++;
            } else if (c == ')') {
                depth--;
            } else if (c == ',' && (depth == 0 || i == selector.length())) {
                String term = selector.substring(start, i).trim();
                if (!term.isEmpty()) {
                    terms.add(term);
                }
                start = i + 1;
            }
        }
        return terms;
    }
}
