// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.cluster.api.view;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The JSONPath of printer columns: fields, indices, {@code [*]} and {@code [?(@.field=="value")]}. */
final class JsonPath {

    private static final Pattern STEP = Pattern.compile(
            "\\G(?:\\.((?:[^.\\[\\\\]|\\\\.)+)|\\[(\\d+|\\*)]|\\['([^']*)']|\\[\\?\\(@\\.([\\w.]+)\\s*==\\s*[\"']([^\"']*)[\"']\\)])");

    private sealed interface Step {}

    private record Field(String name) implements Step {}

    private record Index(int at) implements Step {}

    private record All() implements Step {}

    private record Where(String field, String value) implements Step {}

    private final List<Step> steps;

    private JsonPath(List<Step> steps) {
        this.steps = steps;
    }

    /** Parses a path. An invalid one selects nothing. */
    static JsonPath parse(String text) {
        List<Step> steps = new ArrayList<>();
        Matcher matcher = STEP.matcher(text);
        int end = 0;
        while (matcher.find()) {
            end = matcher.end();
            if (matcher.group(1) != null) {
                steps.add(new Field(matcher.group(1).replace("\\", "")));
            } else if (matcher.group(3) != null) {
                steps.add(new Field(matcher.group(3)));
            } else if (matcher.group(4) != null) {
                steps.add(new Where(matcher.group(4), matcher.group(5)));
            } else {
                String index = matcher.group(2);
                steps.add(index.equals("*") ? new All() : new Index(Integer.parseInt(index)));
            }
        }
        return new JsonPath(end == text.length() ? steps : List.of(new Index(-1)));
    }

    /** Returns the first value that the path selects, or a missing node. */
    JsonNode first(JsonNode root) {
        List<JsonNode> here = List.of(root);
        for (Step step : steps) {
            List<JsonNode> next = new ArrayList<>();
            here.forEach(node -> follow(step, node, next));
            here = next;
        }
        return here.isEmpty() ? MissingNode.getInstance() : here.get(0);
    }

    private static void follow(Step step, JsonNode node, List<JsonNode> next) {
        if (step instanceof Field field && node.has(field.name())) {
            next.add(node.get(field.name()));
        } else if (step instanceof Index index && node.has(index.at())) {
            next.add(node.get(index.at()));
        } else if (step instanceof All) {
            node.forEach(next::add);
        } else if (step instanceof Where where) {
            for (JsonNode item : node) {
                if (item.at("/" + where.field().replace('.', '/')).asText().equals(where.value())) {
                    next.add(item);
                }
            }
        }
    }
}
