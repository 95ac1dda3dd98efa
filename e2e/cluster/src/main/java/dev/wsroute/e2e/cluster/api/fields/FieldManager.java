// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.cluster.api.fields;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.wsroute.e2e.cluster.api.fields.FieldOwnership.Manager;
import dev.wsroute.e2e.cluster.api.schema.Schema;
import dev.wsroute.e2e.cluster.api.store.ApiError;
import dev.wsroute.e2e.cluster.api.store.ApiError.Cause;
import dev.wsroute.e2e.cluster.api.store.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Maintains metadata.managedFields, and implements server-side apply with it. Follows the rules of Kubernetes'
 * structured-merge-diff: an applier owns exactly what it applied last, an updater what it changed.
 */
public final class FieldManager {

    private static final Set<String> SYSTEM = Set.of(
            "name",
            "namespace",
            "creationTimestamp",
            "selfLink",
            "uid",
            "generation",
            "managedFields",
            "resourceVersion",
            "deletionTimestamp",
            "deletionGracePeriodSeconds");

    /**
     * A writer.
     *
     * @param name the field manager
     * @param subresource "" for the main resource
     * @param statusApart whether the status is written only through its subresource
     * @param now RFC 3339
     */
    public record Writer(String name, String apiVersion, String subresource, boolean statusApart, String now) {

        private boolean owns(FieldPath path) {
            boolean status = path.startsWith("status");
            return subresource.equals("status") ? status : !status || !statusApart;
        }
    }

    private FieldManager() {}

    /** Records in {@code after} that the writer changed what differs from {@code before}. */
    public static void recordUpdate(ObjectNode before, ObjectNode after, Schema schema, Writer writer) {
        Manager manager = new Manager(writer.name(), "Update", writer.apiVersion(), writer.subresource());
        JsonNode given = Json.at(after, "metadata", "managedFields");
        boolean reset = given.isArray() && (given.isEmpty() || given.get(0).isEmpty());
        FieldOwnership ownership = reset ? new FieldOwnership() : FieldOwnership.of(given.isArray() ? after : before);
        Comparison change = Comparison.of(content(before), content(after), schema);
        Set<FieldPath> written = keep(change.written(), writer::owns);
        ownership.takeAway(change.removed(), null);
        ownership.takeAway(written, manager);
        if (!written.isEmpty()) {
            Set<FieldPath> owned = new LinkedHashSet<>(ownership.fieldsOf(manager));
            owned.addAll(written);
            ownership.set(manager, owned, writer.now());
        }
        ownership.writeTo(after);
    }

    /**
     * Applies a configuration.
     *
     * @param live the current object; empty if there is none
     * @return the new state of the object with its new managedFields
     * @throws ApiError (409) if others own fields with another value, without force
     */
    public static ObjectNode apply(ObjectNode live, ObjectNode config, Schema schema, Writer writer, boolean force) {
        Manager applier = new Manager(writer.name(), "Apply", writer.apiVersion(), writer.subresource());
        FieldOwnership ownership = FieldOwnership.of(live);
        ObjectNode applied = content(config);
        Set<FieldPath> owned = keep(FieldSets.of(applied, schema, FieldPath.ROOT), writer::owns);
        JsonNode merged = TypedMerge.merge(live, applied, schema);
        Comparison change = Comparison.of(content(live), content(merged), schema);
        resolveConflicts(ownership, applier, keep(change.written(), owned::contains), force);
        ownership.takeAway(change.removed(), null);

        Set<FieldPath> dropped = withNamedParents(ownership.fieldsOf(applier));
        ownership.set(applier, owned, writer.now());
        dropped.removeAll(withParents(ownership.ownedByAll()));
        JsonNode result = dropped.isEmpty() ? merged : TypedMerge.remove(merged, schema, dropped, FieldPath.ROOT);
        ObjectNode object = result instanceof ObjectNode made ? made : Json.object();
        ownership.writeTo(object);
        return object;
    }

    /** A field is removed with its last owned part, including the defaults below it. */
    private static Set<FieldPath> withNamedParents(Set<FieldPath> fields) {
        Set<FieldPath> all = withParents(fields);
        all.removeIf(path -> !fields.contains(path)
                && !(path.elements().get(path.elements().size() - 1) instanceof FieldPath.Field));
        return all;
    }

    private static Set<FieldPath> withParents(Set<FieldPath> fields) {
        Set<FieldPath> all = new LinkedHashSet<>(fields);
        for (FieldPath path : fields) {
            for (int length = path.elements().size() - 1; length > 0; length--) {
                if (!all.add(new FieldPath(path.elements().subList(0, length)))) {
                    break;
                }
            }
        }
        return all;
    }

    private static void resolveConflicts(
            FieldOwnership ownership, Manager applier, Set<FieldPath> changed, boolean force) {
        Map<Manager, List<FieldPath>> conflicts = new LinkedHashMap<>();
        ownership.sets().forEach((manager, fields) -> {
            List<FieldPath> contested =
                    fields.stream().filter(changed::contains).toList();
            if (!manager.equals(applier) && !contested.isEmpty()) {
                conflicts.put(manager, contested);
            }
        });
        if (!conflicts.isEmpty() && !force) {
            throw conflict(conflicts, ownership);
        }
        conflicts.values().forEach(fields -> ownership.takeAway(new LinkedHashSet<>(fields), applier));
    }

    private static ApiError conflict(Map<Manager, List<FieldPath>> conflicts, FieldOwnership ownership) {
        List<Cause> causes = new ArrayList<>();
        List<String> lines = new ArrayList<>();
        conflicts.forEach((manager, fields) -> {
            String who = shown(manager, ownership.timeOf(manager));
            fields.forEach(
                    field -> causes.add(new Cause("FieldManagerConflict", "conflict with " + who, field.toString())));
            if (fields.size() == 1) {
                lines.add("conflict with " + who + ": " + fields.get(0));
            } else {
                StringBuilder several = new StringBuilder("conflicts with " + who + ":");
                fields.forEach(field -> several.append("\n- ").append(field));
                lines.add(several.toString());
            }
        });
        String count = causes.size() == 1 ? "1 conflict" : causes.size() + " conflicts";
        return ApiError.applyConflict("Apply failed with " + count + ": " + String.join("\n", lines), causes);
    }

    private static String shown(Manager manager, @Nullable String time) {
        String name = "\"" + manager.name() + "\"";
        if (!manager.subresource().isEmpty()) {
            name += " with subresource \"" + manager.subresource() + "\"";
        }
        if (manager.applies()) {
            return name;
        }
        return name + " using " + manager.apiVersion() + (time == null ? "" : " at " + time);
    }

    private static Set<FieldPath> keep(Set<FieldPath> fields, Predicate<FieldPath> wanted) {
        Set<FieldPath> kept = new LinkedHashSet<>();
        fields.stream().filter(wanted).forEach(kept::add);
        return kept;
    }

    /** Returns a copy without fields that have no owner: the type, and metadata of the server. */
    private static ObjectNode content(JsonNode object) {
        ObjectNode content = object.deepCopy();
        content.remove("apiVersion");
        content.remove("kind");
        if (content.get("metadata") instanceof ObjectNode metadata) {
            metadata.remove(SYSTEM);
            if (metadata.isEmpty()) {
                content.remove("metadata");
            }
        }
        return content;
    }
}
