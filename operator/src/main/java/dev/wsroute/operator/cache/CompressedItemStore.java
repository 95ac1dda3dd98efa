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
 * Holds the objects of a watch as packed JSON, a tenth of what they take as objects, and unpacks one when it is asked for.
 * The objects of one kind that the operator makes differ in little, so that thousands fit in some megabytes.
 *
 * <p>One by one they come out whole. All at once ({@link #values()}) they come with their metadata only, without managed
 * fields: a watch lists all that it holds after each list of the API, to compare keys, and unpacking everything for that
 * would take the memory that is saved here.
 *
 * <p>An object for which there is no room is held as a {@link Head}.
 *
 * @param <R> the kind
 */
final class CompressedItemStore<R extends HasMetadata> implements ItemStore<R> {

    /** One reconciliation asks several times for the same few. */
    private static final int RECENT = 32;

    private final Map<String, byte[]> items = new ConcurrentHashMap<>();
    private final AtomicReferenceArray<@Nullable Unpacked<R>> recent = new AtomicReferenceArray<>(RECENT);
    private final CompressedJson json = new CompressedJson();
    private final ObjectFormat<R> format;
    private final HoldBudget budget;

    /** An object, and what it was unpacked from. */
    private static final class Unpacked<R> {

        private final byte[] packed;
        private final R object;

        Unpacked(byte[] packed, R object) {
            this.packed = packed;
            this.object = object;
        }
    }

    /** @param budget what all stores share */
    CompressedItemStore(ObjectFormat<R> format, HoldBudget budget) {
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
        if (Head.isHead(object)) {
            budget.force(namespace, length, packed.length);
        } else if (!budget.replace(namespace, length, packed.length)) {
            packed = json.pack(format.writeHead(object));
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

    /** Keys are as {@link Cache#metaNamespaceKeyFunc} makes them: {@code namespace/name}. */
    private static String namespace(String key) {
        return key.substring(0, Math.max(key.indexOf('/'), 0));
    }

    @Override
    public Stream<String> keySet() {
        return items.keySet().stream();
    }

    /** The heads of all: metadata without managed fields. */
    @Override
    public Stream<R> values() {
        return items.values().stream().map(packed -> format.readHead(json.unpack(packed)));
    }

    @Override
    public int size() {
        return items.size();
    }

    /** What {@link #values()} gives is not all. It also lets a watch tell of each object as it comes, and hold none back. */
    @Override
    public boolean isFullState() {
        return false;
    }
}
