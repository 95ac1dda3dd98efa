// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.crdgen;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Renders the fields of the CRD as a page: a table for each object, with its path as the heading. Equal objects share a table.
 */
final class ReferencePage {

    private static final String POLICIES = """
            <!-- Generated from the types in dev.wsroute.api by `make crds`. Edits here are overwritten. -->

            # Reference of policies

            All fields of a `WebSocketPolicy` (`%s`), as in the [reference](reference.md) of routes. [One policy for many
            routes](access.md#one-policy-for-many-routes) explains them. `spec.access` has the fields of
            [spec.rules\\[\\].access](reference.md#specrulesaccess) of a route, with the same bounds.
            """;

    private static final String KUBERNETES =
            "\n## Kubernetes types\n\nAs in a pod; the [Kubernetes reference](https://kubernetes.io/docs/reference/"
                    + "kubernetes-api/workload-resources/pod-v1/#scheduling) describes them.\n";

    private static final String HEAD = """
            <!-- Generated from the types in dev.wsroute.api by `make crds`. Edits here are overwritten. -->

            # Reference

            All fields of a `WebSocketRoute` (`%s`), grouped by the path of their object; `[]` stands for each item
            of a list. The [user guide](user-guide.md) explains what the fields are for, and each field of `spec` occurs in
            one of the [examples](../deploy/examples). `kubectl explain wsr.spec` shows the same descriptions. A duration is
            text such as `500ms`, `15s` or `1h30m`; a quantity is a Kubernetes quantity such as `250m` or `128Mi`.
            """;

    /** Objects that Kubernetes' own reference describes. */
    private static final Pattern FOREIGN =
            Pattern.compile("spec\\.proxy\\.affinity(\\..*)?|.*\\.labelSelector(\\..*)?");

    private final String head;
    private final Pattern elsewhere;
    private final Map<String, List<String>> tables = new LinkedHashMap<>();
    private final Map<String, List<String>> foreign = new LinkedHashMap<>();
    private final Map<String, ObjectNode> objects = new LinkedHashMap<>();

    /** @param elsewhere objects that another page describes */
    private ReferencePage(String head, Pattern elsewhere) {
        this.head = head;
        this.elsewhere = elsewhere;
    }

    static String of(ObjectNode crd) {
        ReferencePage page = page(crd, HEAD, FOREIGN);
        return page.text() + KUBERNETES + page.sections("###", page.foreign);
    }

    static String ofPolicies(ObjectNode crd) {
        return page(crd, POLICIES, Pattern.compile("spec\\.access\\b.*")).text();
    }

    private static ReferencePage page(ObjectNode crd, String head, Pattern elsewhere) {
        String version = crd.at("/spec/group").asText() + "/"
                + crd.at("/spec/versions/0/name").asText();
        ReferencePage page = new ReferencePage(head.formatted(version), elsewhere);
        SchemaNodes.byPath(CommittedFiles.schema(crd)).forEach(page::add);
        return page;
    }

    private void add(String path, ObjectNode schema) {
        if (path.isEmpty() || schema.path("properties").isEmpty()) {
            return;
        }
        objects.put(path, schema);
        boolean theirs = elsewhere.matcher(path).matches();
        (theirs ? foreign : tables)
                .computeIfAbsent(rules(schema) + table(schema), text -> new ArrayList<>())
                .add(path);
    }

    private String text() {
        return head + sections("##", tables);
    }

    private String sections(String level, Map<String, List<String>> tables) {
        StringBuilder sections = new StringBuilder();
        tables.forEach((table, paths) -> sections.append(section(level, table, paths)));
        return sections.toString();
    }

    private String section(String level, String table, List<String> paths) {
        String first = paths.get(0);
        String description = objects.get(first).path("description").asText();
        StringBuilder section = new StringBuilder("\n" + level + " " + first + "\n\n");
        if (paths.size() > 1) {
            section.append(paths.subList(1, paths.size()).stream()
                    .map(path -> "`" + path + "`")
                    .collect(Collectors.joining(", ", "This also applies to ", ".\n\n")));
        } else if (!description.isEmpty()) {
            section.append(description).append("\n\n");
        }
        return section.append(table).toString();
    }

    private static String rules(ObjectNode schema) {
        return messages(schema).stream()
                .map(message -> "- " + message + ".\n")
                .collect(Collectors.collectingAndThen(
                        Collectors.joining(), rules -> rules.isEmpty() ? "" : rules + "\n"));
    }

    private static String table(ObjectNode schema) {
        List<String> required = texts(schema.path("required"));
        return schema.path("properties").properties().stream()
                .map(field -> row(field.getKey(), field.getValue(), required.contains(field.getKey())))
                .collect(Collectors.joining(
                        "", "| field | type | default | bound | description |\n|---|---|---|---|---|\n", ""));
    }

    private static String row(String name, JsonNode field, boolean required) {
        String initial = required ? "*required*" : field.has("default") ? "`" + field.get("default") + "`" : "";
        return "| `%s` | %s | %s | %s | %s |\n"
                .formatted(
                        name,
                        cell(type(field)),
                        cell(initial),
                        cell(String.join("; ", FieldBounds.of(field))),
                        cell(field.path("description").asText()));
    }

    private static String type(JsonNode field) {
        if (field.has("items")) {
            return "list of " + type(field.get("items"));
        }
        if (field.has("additionalProperties")) {
            return "map of " + type(field.get("additionalProperties"));
        }
        if (field.has("enum")) {
            return texts(field.get("enum")).stream().map(v -> "`" + v + "`").collect(Collectors.joining(", "));
        }
        if (field.path("x-kubernetes-int-or-string").asBoolean()) {
            return FieldBounds.isQuantity(field) ? "quantity" : "number or text";
        }
        return switch (field.path("type").asText()) {
            case "string" -> FieldBounds.isDuration(field) ? "duration" : "text";
            case "integer" -> "number";
            case "boolean" -> "`true`, `false`";
            default -> "object";
        };
    }

    static List<String> messages(JsonNode schema) {
        List<String> messages = new ArrayList<>();
        schema.path("x-kubernetes-validations")
                .forEach(rule -> messages.add(
                        (rule.has("fieldPath") ? rule.path("fieldPath").asText().substring(1) + " " : "")
                                + rule.path("message").asText()));
        return messages;
    }

    static List<String> texts(JsonNode list) {
        List<String> texts = new ArrayList<>();
        list.forEach(text -> texts.add(text.asText()));
        return texts;
    }

    /** Escapes bars, which end a cell of a table. */
    private static String cell(String text) {
        return text.replace("|", "\\|");
    }
}
