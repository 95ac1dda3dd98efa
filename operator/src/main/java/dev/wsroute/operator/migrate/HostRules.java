// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.migrate;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The rules of one host, from all Ingresses that have it. */
final class HostRules {

    private static final int LONGEST_NAME = 63;

    private final List<Location> canaries;
    private final boolean expressions;
    /** By everything in a rule but its matches: paths with the same backends and settings share a rule. */
    private final Map<ObjectNode, ArrayNode> matches = new LinkedHashMap<>();

    private final Map<ObjectNode, String> services = new LinkedHashMap<>();
    private final Set<String> notes = new LinkedHashSet<>();

    HostRules(List<Location> locations) {
        canaries = locations.stream()
                .filter(location -> location.source().isCanary())
                .toList();
        expressions = locations.stream().anyMatch(location -> location.source().usesExpressions());
        locations.stream().filter(location -> !location.source().isCanary()).forEach(this::add);
        canaries.stream()
                .filter(canary ->
                        locations.stream().noneMatch(other -> !other.source().isCanary() && other.samePath(canary)))
                .forEach(canary -> notes.add("canary: there is no other Ingress for the path " + canary.path() + "."));
    }

    /** Remarks about paths. */
    Set<String> notes() {
        return notes;
    }

    ArrayNode rules() {
        ArrayNode rules = JsonNodeFactory.instance.arrayNode();
        Set<String> names = new LinkedHashSet<>();
        matches.forEach((settings, paths) -> {
            ObjectNode rule = rules.addObject();
            rule.put("name", unique(services.getOrDefault(settings, "rule"), names));
            if (!isEverything(paths)) {
                rule.set("matches", paths);
            }
            rule.setAll(settings);
        });
        return rules;
    }

    private void add(Location location) {
        PathMatch path = path(location);
        ObjectNode rule = rule(location, path);
        ArrayNode backends = rule.withArray("/backendRefs");
        ObjectNode main = backend(location, location.source());
        backends.add(main);
        for (Location canary : canaries) {
            if (canary.samePath(location)) {
                addCanary(canary, location, path, main, backends);
            }
        }
        rule.remove("backendRefs");
        rule.set("backendRefs", backends);
        add(location, rule, match(path));
    }

    /** But for the choice of an endpoint, the annotations of the main Ingress count, as in ingress-nginx. */
    private void addCanary(Location canary, Location location, PathMatch path, ObjectNode main, ArrayNode backends) {
        Annotations annotations = canary.source().annotations();
        annotations.get("canary-by-header").ifPresent(header -> {
            ObjectNode rule = rule(location, path);
            ObjectNode own = canary.source().settings().rule();
            for (String choice : List.of("loadBalancing", "sessionPersistence")) {
                rule.remove(choice);
                if (own.has(choice)) {
                    rule.set(choice, own.get(choice).deepCopy());
                }
            }
            rule.withArray("/backendRefs").add(backend(canary, location.source()));
            ObjectNode match = match(path);
            match.withArray("/headers")
                    .addObject()
                    .put("name", header)
                    .put("value", annotations.get("canary-by-header-value").orElse("always"));
            add(canary, rule, match);
        });
        annotations.number("canary-weight").ifPresent(weight -> {
            int total =
                    Math.max(weight, annotations.number("canary-weight-total").orElse(100));
            main.put("weight", total - weight);
            backends.add(backend(canary, location.source()).put("weight", weight));
        });
    }

    private PathMatch path(Location location) {
        PathMatch path = PathMatch.of(
                location.path(),
                location.pathType(),
                location.source().annotations().get("rewrite-target"),
                expressions);
        notes.addAll(path.notes());
        return path;
    }

    private static ObjectNode rule(Location location, PathMatch path) {
        ObjectNode rule = location.source().settings().rule().deepCopy();
        if (path.replacement() != null) {
            rule.withObject("/urlRewrite").putObject("path").put("replacePrefixMatch", path.replacement());
        }
        return rule;
    }

    private static ObjectNode backend(Location location, Source settings) {
        ObjectNode backend = location.backend().deepCopy();
        backend.setAll(settings.settings().backend());
        return backend;
    }

    private static ObjectNode match(PathMatch path) {
        ObjectNode match = JsonNodeFactory.instance.objectNode();
        match.putObject("path").put("type", path.type()).put("value", path.value());
        return match;
    }

    private void add(Location location, ObjectNode rule, ObjectNode match) {
        services.putIfAbsent(rule, location.serviceName());
        matches.computeIfAbsent(rule, settings -> JsonNodeFactory.instance.arrayNode())
                .add(match);
    }

    /** Whether it is the prefix / alone. */
    private static boolean isEverything(ArrayNode paths) {
        return paths.size() == 1
                && paths.get(0).size() == 1
                && paths.get(0).path("path").path("type").asText().equals("PathPrefix")
                && paths.get(0).path("path").path("value").asText().equals("/");
    }

    private static String unique(String name, Set<String> taken) {
        String start = name.length() > LONGEST_NAME - 4 ? name.substring(0, LONGEST_NAME - 4) : name;
        String candidate = start;
        for (int i = 2; !taken.add(candidate); i++) {
            candidate = start + "-" + i;
        }
        return candidate;
    }
}
