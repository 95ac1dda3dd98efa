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
 * Finds objects by what they say. The client's own index takes an object out before it puts the changed one in: who looks
 * in between is told that a Service has no endpoints at all. Here one that stays under its key is never missing.
 *
 * @param <R> kind of the objects
 */
final class StableIndex<R extends HasMetadata> {

    private final Map<String, Function<R, List<String>>> functions = new HashMap<>();
    private final Map<Key, Set<ResourceID>> ids = new ConcurrentHashMap<>();

    private record Key(String index, String value) {}

    /** Before the first object. The functions see an object's metadata and may see no more of it. */
    void add(Map<String, Function<R, List<String>>> more) {
        functions.putAll(more);
    }

    /** Whether anybody looks for objects by it. */
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
