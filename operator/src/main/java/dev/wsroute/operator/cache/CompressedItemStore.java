// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.cache;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.informers.cache.Cache;
import io.fabric8.kubernetes.client.informers.cache.ItemStore;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Stores the objects of a watch as compressed JSON, a tenth of their size as Java objects, and decompresses them on access.
 * Objects of one kind that the operator creates are much alike, so thousands fit into a few megabytes.
 *
 * <p>{@link #get} returns whole objects. {@link #values()} returns only their metadata, without managed fields: a watch
 * iterates over its store after each list of the API to compare keys, and decompressing everything for that would take the
 * memory that is saved here.
 *
 * <p>An object that exceeds the budget is stored as a {@link PartialObject}.
 *
 * @param <R> the kind
 */
final class CompressedItemStore<R extends HasMetadata> implements ItemStore<R> {

    /** A reconciliation reads the same few objects several times. */
    private static final int RECENT = 32;

    private final Map<String, byte[]> items = new ConcurrentHashMap<>();
    private final AtomicReferenceArray<@Nullable Unpacked<R>> recent = new AtomicReferenceArray<>(RECENT);
    private final CompressedJson json = new CompressedJson();
    private final ObjectFormat<R> format;
    private final CacheBudget budget;

    /** A decompressed object, and the bytes that it was read from. */
    private static final class Unpacked<R> {

        private final byte[] packed;
        private final R object;

        Unpacked(byte[] packed, R object) {
            this.packed = packed;
            this.object = object;
        }
    }

    /** @param budget shared by all stores */
    CompressedItemStore(ObjectFormat<R> format, CacheBudget budget) {
        this.format = format;
        this.budget = budget;
    }

    @Override
    public String getKey(R object) {
        return Cache.metaNamespaceKeyFunc(object);
    }

    @Override
    public @Nullable R put(String key, R object) {
        byte[] before = items.get(key);
        long length = before == null ? 0 : before.length;
        String namespace = namespace(key);
        byte[] packed = json.pack(format.write(object));
        if (PartialObject.isPartial(object)) {
            budget.force(namespace, length, packed.length);
        } else if (!budget.replace(namespace, length, packed.length)) {
            packed = json.pack(format.writePartial(object));
            budget.force(namespace, length, packed.length);
        }
        return unpacked(key, items.put(key, packed));
    }

    @Override
    public @Nullable R remove(String key) {
        byte[] packed = items.remove(key);
        if (packed != null) {
            budget.force(namespace(key), packed.length, 0);
        }
        return unpacked(key, packed);
    }

    @Override
    public @Nullable R get(String key) {
        return unpacked(key, items.get(key));
    }

    private @Nullable R unpacked(String key, byte @Nullable [] packed) {
        if (packed == null) {
            return null;
        }
        int slot = Math.floorMod(key.hashCode(), RECENT);
        Unpacked<R> last = recent.get(slot);
        if (last != null && last.packed == packed) {
            return last.object;
        }
        R object = format.read(json.unpack(packed));
        recent.set(slot, new Unpacked<>(packed, object));
        return object;
    }

    /** The format of keys is that of {@link Cache#metaNamespaceKeyFunc}: {@code namespace/name}. */
    private static String namespace(String key) {
        return key.substring(0, Math.max(key.indexOf('/'), 0));
    }

    @Override
    public Stream<String> keySet() {
        return items.keySet().stream();
    }

    /** The metadata of all objects, without managed fields. */
    @Override
    public Stream<R> values() {
        return items.values().stream().map(packed -> format.readPartial(json.unpack(packed)));
    }

    @Override
    public int size() {
        return items.size();
    }

    /** False, since {@link #values()} returns partial objects. The watch then also emits each object immediately. */
    @Override
    public boolean isFullState() {
        return false;
    }
}
