// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.crdgen;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Finds values that a new schema rejects and the old one accepted: stored objects must stay valid. */
final class CrdCompatibility {

    private static final List<String> LOWER_BOUNDS = List.of("minimum", "minLength", "minItems", "minProperties");
    private static final List<String> UPPER_BOUNDS = List.of("maximum", "maxLength", "maxItems", "maxProperties");

    private final AllowedRules allowed;
    private final List<String> breaks = new ArrayList<>();

    private CrdCompatibility(AllowedRules allowed) {
        this.allowed = allowed;
    }

    /**
     * One sentence for each breaking change. The status may be narrowed, since only the operator writes it.
     *
     * @param allowed CEL rules that fields may have although they did not have them before
     */
    static List<String> breaks(ObjectNode before, ObjectNode after, AllowedRules allowed) {
        CrdCompatibility compatibility = new CrdCompatibility(allowed);
        Map<String, ObjectNode> now = SchemaNodes.byPath(after);
        SchemaNodes.byPath(before).forEach((path, old) -> {
            ObjectNode current = now.get(path);
            if (current == null) {
                compatibility.breaks.add(path + " is gone");
            } else if (!path.startsWith("status")) {
                compatibility.compare(path, old, current);
            }
        });
        return compatibility.breaks;
    }

    private void compare(String path, ObjectNode old, ObjectNode now) {
        if (!old.path("type").equals(now.path("type"))) {
            breaks.add(path + " has another type");
        }
        if (!old.path("default").equals(now.path("default"))) {
            breaks.add(path + " has another default");
        }
        if (now.has("pattern") && !now.get("pattern").equals(old.path("pattern"))) {
            breaks.add(path + " has another pattern");
        }
        if (now.has("enum") && !(old.has("enum") && texts(now.get("enum")).containsAll(texts(old.get("enum"))))) {
            breaks.add(path + " takes fewer values");
        }
        if (!texts(old.path("required")).containsAll(texts(now.path("required")))) {
            breaks.add(path + " requires more fields");
        }
        LOWER_BOUNDS.forEach(bound -> {
            if (now.has(bound) && now.get(bound).asLong() > old.path(bound).asLong(Long.MIN_VALUE)) {
                breaks.add(path + " has a higher " + bound);
            }
        });
        UPPER_BOUNDS.forEach(bound -> {
            if (now.has(bound) && now.get(bound).asLong() < old.path(bound).asLong(Long.MAX_VALUE)) {
                breaks.add(path + " has a lower " + bound);
            }
        });
        compareRules(path, old, now);
    }

    /** CEL cannot be compared: any rule that was not there before may reject a stored value. */
    private void compareRules(String path, ObjectNode old, ObjectNode now) {
        Set<String> before = rules(old);
        for (String rule : rules(now)) {
            if (!before.contains(rule) && !allowed.contains(path, rule)) {
                breaks.add(path + " has a new rule, " + rule);
            }
        }
    }

    private static Set<String> rules(ObjectNode schema) {
        Set<String> rules = new LinkedHashSet<>();
        schema.path("x-kubernetes-validations")
                .forEach(validation -> rules.add(validation.path("rule").asText()));
        return rules;
    }

    private static Set<String> texts(JsonNode array) {
        Set<String> texts = new HashSet<>();
        array.forEach(item -> texts.add(item.asText()));
        return texts;
    }
}
