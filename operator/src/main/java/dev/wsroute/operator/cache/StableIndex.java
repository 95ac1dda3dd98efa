// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.cache;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * An index of objects. The client's own index removes an object before it adds the changed one, so a reader in between
 * would see a Service without endpoints. Here an object whose key does not change is never missing.
 *
 * @param <R> kind of the objects
 */
final class StableIndex<R extends HasMetadata> {

    private final Map<String, Function<R, List<String>>> functions = new HashMap<>();
    private final Map<Key, Set<ResourceID>> ids = new ConcurrentHashMap<>();

    private record Key(String index, String value) {}

    /** To be called before the first object is added. The functions may use only the metadata of an object. */
    void add(Map<String, Function<R, List<String>>> more) {
        functions.putAll(more);
    }

    /** Whether it has any index function. */
    boolean isUsed() {
        return !functions.isEmpty();
    }

    Set<ResourceID> find(String index, String value) {
        return Set.copyOf(ids.getOrDefault(new Key(index, value), Set.of()));
    }

    void put(R object) {
        ResourceID id = ResourceID.fromResource(object);
        for (Key key : keys(object)) {
            ids.compute(key, (same, known) -> {
                Set<ResourceID> with = known == null ? ConcurrentHashMap.newKeySet() : known;
                with.add(id);
                return with;
            });
        }
    }

    void replace(R before, R object) {
        put(object);
        Set<Key> left = keys(before);
        left.removeAll(keys(object));
        remove(ResourceID.fromResource(before), left);
    }

    void remove(R object) {
        remove(ResourceID.fromResource(object), keys(object));
    }

    private void remove(ResourceID id, Set<Key> keys) {
        for (Key key : keys) {
            ids.computeIfPresent(key, (same, known) -> {
                known.remove(id);
                return known.isEmpty() ? null : known;
            });
        }
    }

    private Set<Key> keys(R object) {
        Set<Key> keys = new HashSet<>();
        functions.forEach(
                (index, function) -> function.apply(object).forEach(value -> keys.add(new Key(index, value))));
        return keys;
    }
}
