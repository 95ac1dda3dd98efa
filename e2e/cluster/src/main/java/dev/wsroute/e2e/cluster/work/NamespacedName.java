// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.cluster.work;

import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.Objects;

/**
 * Names an object of one kind.
 *
 * @param namespace empty for cluster-scoped objects
 */
public record NamespacedName(String namespace, String name) {

    public static NamespacedName of(HasMetadata object) {
        return new NamespacedName(
                Objects.requireNonNullElse(object.getMetadata().getNamespace(), ""),
                object.getMetadata().getName());
    }

    @Override
    public String toString() {
        return namespace.isEmpty() ? name : namespace + "/" + name;
    }
}
