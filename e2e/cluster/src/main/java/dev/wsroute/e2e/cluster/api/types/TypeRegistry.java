// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.cluster.api.types;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;

/** Every resource that is served now: the built-in ones and those of established definitions. */
public final class TypeRegistry {

    private record Key(String group, String version, String plural) implements Comparable<Key> {
        @Override
        public int compareTo(Key other) {
            return (group + "/" + version + "/" + plural)
                    .compareTo(other.group + "/" + other.version + "/" + other.plural);
        }
    }

    private final Map<Key, ResourceType> types = new ConcurrentSkipListMap<>();

    public TypeRegistry() {
        BuiltInTypes.all().forEach(this::add);
    }

    public void add(ResourceType type) {
        types.put(key(type), type);
    }

    public void remove(ResourceType type) {
        types.remove(key(type));
    }

    public Optional<ResourceType> find(String group, String version, String plural) {
        return Optional.ofNullable(types.get(new Key(group, version, plural)));
    }

    public Collection<ResourceType> all() {
        return types.values();
    }

    /** Returns the definitions' types of one resource, in all versions. */
    public List<ResourceType> ofCollection(String collection) {
        return types.values().stream()
                .filter(type -> type.collection().equals(collection))
                .toList();
    }

    private static Key key(ResourceType type) {
        return new Key(type.group(), type.version(), type.names().plural());
    }
}
