// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.cluster.api.ops;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.wsroute.e2e.cluster.api.schema.Rules;
import dev.wsroute.e2e.cluster.api.schema.Schema;
import dev.wsroute.e2e.cluster.api.schema.Structure;
import dev.wsroute.e2e.cluster.api.schema.Validator;
import dev.wsroute.e2e.cluster.api.store.ApiError;
import dev.wsroute.e2e.cluster.api.store.ApiError.Cause;
import dev.wsroute.e2e.cluster.api.store.Json;
import dev.wsroute.e2e.cluster.api.types.BuiltInDefaults;
import dev.wsroute.e2e.cluster.api.types.BuiltInRules;
import dev.wsroute.e2e.cluster.api.types.ResourceType;
import dev.wsroute.e2e.cluster.api.types.StoredForm;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Converts objects to the form of their type, or refuses them. */
final class WriteAdmission {

    private final Rules rules;
    private final BuiltInDefaults defaults;

    WriteAdmission(Rules rules, BuiltInDefaults defaults) {
        this.rules = rules;
        this.defaults = defaults;
    }

    /** Removes or refuses unknown fields, and fills in defaults, in place. */
    void conform(ResourceType type, ObjectNode object, @Nullable ObjectNode old, WriteOptions options) {
        checkKind(type, object);
        Schema schema = type.schema().get();
        List<String> unknown = Structure.prune(object, schema).stream()
                .map(path -> "unknown field \"" + path + "\"")
                .toList();
        if (!unknown.isEmpty()) {
            switch (options.validation()) {
                case STRICT ->
                    throw ApiError.badRequest(type.kind() + " in version \"" + type.version()
                            + "\" cannot be handled as a " + type.kind() + ": strict decoding error: "
                            + String.join(", ", unknown));
                case WARN -> options.warnings().addAll(unknown);
                case IGNORE -> {}
            }
        }
        Structure.applyDefaults(object, schema);
        if (!type.custom()) {
            StoredForm.apply(object, schema);
            defaults.apply(type.collection(), object, old);
        }
    }

    /** Server-side apply always refuses unknown fields, whatever the field validation says. */
    void checkApplied(ResourceType type, ObjectNode config, String namespace, String name) {
        checkKind(type, config);
        if (Json.at(config, "metadata", "managedFields").size() > 0) {
            throw ApiError.badRequest("metadata.managedFields must be nil");
        }
        List<String> unknown = Structure.unknownFields(config, type.schema().get());
        if (!unknown.isEmpty()) {
            throw ApiError.internal("failed to create typed patch object (" + namespace + "/" + name + "; "
                    + type.apiVersion() + ", Kind=" + type.kind() + "): "
                    + unknown.stream()
                            .map(path -> "." + path + ": field not declared in schema")
                            .collect(Collectors.joining("\n")));
        }
    }

    /**
     * Checks an object against its schema and rules.
     *
     * @throws ApiError (422) with all errors
     */
    void validate(ResourceType type, ObjectNode object, @Nullable ObjectNode old) {
        Schema schema = type.schema().get();
        List<Cause> causes = new ArrayList<>(NameRules.check(object));
        causes.addAll(Validator.validate(object, schema));
        if (causes.stream().noneMatch(WriteAdmission::hidesFurtherErrors)) {
            causes.addAll(
                    type.custom() ? rules.check(object, old, schema) : BuiltInRules.check(type, object, old, rules));
        }
        if (!causes.isEmpty()) {
            throw ApiError.invalid(type.group(), type.kind(), Json.text(object, "metadata", "name"), causes);
        }
    }

    /** After these errors Kubernetes does not evaluate rules, since they may fail because of the same value. */
    private static boolean hidesFurtherErrors(Cause cause) {
        return switch (cause.reason()) {
            case "FieldValueRequired",
                    "FieldValueNotSupported",
                    "FieldValueTypeInvalid",
                    "FieldValueTooLong",
                    "FieldValueTooMany" -> true;
            default -> false;
        };
    }

    private static void checkKind(ResourceType type, ObjectNode object) {
        String kind = Json.text(object, "kind");
        String version = Json.text(object, "apiVersion");
        if (kind.isEmpty() && version.isEmpty()) {
            object.put("apiVersion", type.apiVersion()).put("kind", type.kind());
        } else if (!kind.equals(type.kind()) || !version.equals(type.apiVersion())) {
            throw ApiError.badRequest("the API version in the data (" + version + ", kind " + kind
                    + ") does not match the expected API version (" + type.apiVersion() + ", kind " + type.kind()
                    + ")");
        }
    }
}
