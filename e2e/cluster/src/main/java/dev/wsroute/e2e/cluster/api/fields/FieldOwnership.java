// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.cluster.api.fields;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.wsroute.e2e.cluster.api.store.Json;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The owners of the fields of one object: decoded metadata.managedFields. */
final class FieldOwnership {

    /**
     * A field manager and how it writes.
     *
     * @param subresource "" for the main resource
     */
    record Manager(String name, String operation, String apiVersion, String subresource) {

        boolean applies() {
            return operation.equals("Apply");
        }
    }

    private final Map<Manager, Set<FieldPath>> sets = new LinkedHashMap<>();
    private final Map<Manager, String> times = new LinkedHashMap<>();

    static FieldOwnership of(JsonNode object) {
        FieldOwnership ownership = new FieldOwnership();
        for (JsonNode entry : Json.at(object, "metadata", "managedFields")) {
            if (entry.has("manager")) {
                Manager manager = new Manager(
                        entry.path("manager").asText(),
                        entry.path("operation").asText(),
                        entry.path("apiVersion").asText(),
                        entry.path("subresource").asText(""));
                ownership.sets.put(manager, FieldSets.decode(entry.path("fieldsV1")));
                ownership.times.put(manager, entry.path("time").asText(""));
            }
        }
        return ownership;
    }

    void writeTo(ObjectNode object) {
        ArrayNode entries = Json.array();
        List<Manager> order = new ArrayList<>(sets.keySet());
        order.sort(Comparator.comparing(Manager::operation)
                .thenComparing((Manager manager) -> times.getOrDefault(manager, ""))
                .thenComparing(Manager::name));
        for (Manager manager : order) {
            Set<FieldPath> set = sets.getOrDefault(manager, Set.of());
            if (!set.isEmpty()) {
                ObjectNode entry = entries.addObject();
                entry.put("apiVersion", manager.apiVersion()).put("fieldsType", "FieldsV1");
                entry.set("fieldsV1", FieldSets.encode(set));
                entry.put("manager", manager.name()).put("operation", manager.operation());
                if (!manager.subresource().isEmpty()) {
                    entry.put("subresource", manager.subresource());
                }
                entry.put("time", times.getOrDefault(manager, ""));
            }
        }
        Json.put(Json.metadata(object), "managedFields", entries.isEmpty() ? null : entries);
    }

    Map<Manager, Set<FieldPath>> sets() {
        return sets;
    }

    Set<FieldPath> fieldsOf(Manager manager) {
        return sets.getOrDefault(manager, Set.of());
    }

    @Nullable String timeOf(Manager manager) {
        return times.get(manager);
    }

    /** Replaces the fields of a manager. Its time changes only if the fields differ. */
    void set(Manager manager, Set<FieldPath> fields, String now) {
        if (!fields.equals(sets.put(manager, fields)) || !times.containsKey(manager)) {
            times.put(manager, now);
        }
    }

    /** Removes fields from all managers except one (null: from all). */
    void takeAway(Set<FieldPath> fields, @Nullable Manager except) {
        sets.replaceAll((manager, owned) -> {
            if (manager.equals(except) || fields.isEmpty()) {
                return owned;
            }
            Set<FieldPath> rest = new LinkedHashSet<>(owned);
            rest.removeAll(fields);
            return rest;
        });
    }

    Set<FieldPath> ownedByAll() {
        Set<FieldPath> all = new LinkedHashSet<>();
        sets.values().forEach(all::addAll);
        return all;
    }
}
