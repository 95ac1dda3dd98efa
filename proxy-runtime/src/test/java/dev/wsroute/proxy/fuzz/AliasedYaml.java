// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.fuzz;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;

/**
 * Writes a tree as YAML, with anchors, aliases and merge keys where the choices say. The text always parses to the same
 * tree.
 */
final class AliasedYaml {

    private final Choices choices;
    /** Anchor names by the JSON of the value that they name. */
    private final Map<String, String> anchors = new HashMap<>();

    /** Anchors of nodes that are not complete: they cannot be referenced within themselves. */
    private final Set<String> open = new HashSet<>();

    private int names;

    private AliasedYaml(Choices choices) {
        this.choices = choices;
    }

    static String of(JsonNode tree, Choices choices) {
        return new AliasedYaml(choices).text(tree) + "\n";
    }

    private String text(JsonNode node) {
        String meant = node.toString();
        String anchor = anchors.get(meant);
        if (anchor != null && choices.below(4) > 0) {
            return "*" + anchor + " ";
        }
        if (choices.below(3) == 0) {
            return plain(node);
        }
        String name = newName();
        open.add(name);
        String text = "&" + name + " " + plain(node);
        open.remove(name);
        // Known only from here on: a node cannot contain itself.
        anchors.put(meant, name);
        return text;
    }

    /** Sometimes reuses an earlier name, which then refers to the newer node. */
    private String newName() {
        String again = "a-" + choices.below(Math.max(1, names));
        String name = names > 0 && choices.below(8) == 0 && !open.contains(again) ? again : "a-" + names++;
        anchors.values().remove(name);
        return name;
    }

    private String plain(JsonNode node) {
        if (node instanceof ArrayNode) {
            StringJoiner items = new StringJoiner(", ", "[", "]");
            node.forEach(item -> items.add(text(item)));
            return items.toString();
        }
        return node instanceof ObjectNode object ? object(object) : node.toString();
    }

    private String object(ObjectNode object) {
        StringJoiner fields = new StringJoiner(", ", "{", "}");
        List<String> names = new ArrayList<>();
        object.fieldNames().forEachRemaining(names::add);
        int merged = names.size() > 1 ? choices.below(names.size()) : 0;
        if (merged > 0) {
            ObjectNode source = object.objectNode();
            names.subList(0, merged).forEach(name -> source.set(name, object.get(name)));
            fields.add("<<: " + (choices.below(2) == 0 ? text(source) : "[" + text(source) + "]"));
        }
        for (String name : names.subList(merged, names.size())) {
            fields.add("\"" + name + "\": " + text(object.get(name)));
        }
        return fields.toString();
    }
}
