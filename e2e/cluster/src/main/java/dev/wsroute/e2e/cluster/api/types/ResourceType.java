// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.cluster.api.types;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.wsroute.e2e.cluster.api.schema.Schema;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One resource of one API version.
 *
 * @param generations whether metadata.generation counts the changes of its spec
 * @param selectable fields that a field selector may name, in addition to name and namespace
 * @param columns additionalPrinterColumns of the definition; empty for built-in types
 * @param custom defined by a CustomResourceDefinition: pruned and validated by its schema
 */
public record ResourceType(
        String group,
        String version,
        Names names,
        boolean namespaced,
        boolean status,
        @Nullable ScalePaths scale,
        boolean generations,
        Supplier<Schema> schema,
        Set<String> selectable,
        List<ObjectNode> columns,
        boolean custom) {

    /** The names of a resource. */
    public record Names(
            String kind, String plural, String singular, List<String> shortNames, List<String> categories) {}

    /** Paths of the fields that the scale subresource reads. */
    public record ScalePaths(List<String> specReplicas, List<String> statusReplicas, List<String> selector) {}

    public String kind() {
        return names.kind();
    }

    public String apiVersion() {
        return group.isEmpty() ? version : group + "/" + version;
    }

    /** Returns the name under which objects are stored, the same for all versions (and both groups of events). */
    public String collection() {
        boolean core = group.isEmpty() || group.equals("events.k8s.io");
        return core ? names.plural() : names.plural() + "." + group;
    }
}
