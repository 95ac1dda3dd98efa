// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.cluster.api.store;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/**
 * One step of the sequence of resource versions.
 *
 * @param collection the resource's storage name
 * @param before the previous object; null if it was created
 * @param after the new object; for a deletion its last state with the version of the deletion
 */
public record Change(
        long version,
        String collection,
        ObjectKey key,
        @Nullable ObjectNode before,
        ObjectNode after,
        boolean deleted) {}
