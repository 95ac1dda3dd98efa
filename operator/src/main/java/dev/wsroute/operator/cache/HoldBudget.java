package dev.wsroute.operator.cache;

import java.util.HashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How many bytes of objects all caches may hold, and how many of one namespace, so that what one tenant creates takes
 * neither the memory of the process nor the room of the others. What goes beyond is held as a {@link Head}.
 */
final class HoldBudget {

    private static final Logger LOG = LoggerFactory.getLogger(HoldBudget.class);

    /** Of the heap: the rest is for what is being read, compiled and written. */
    private static final int SHARE_OF_HEAP = 4;

    /** Of the budget, for one namespace. */
    private static final int SHARE_OF_NAMESPACE = 2;

    private final long most;
    private final long mostOfNamespace;
    private final Map<String, Long> byNamespace = new HashMap<>();
    private long held;
    private boolean told;

    /** @param most bytes in all */
    HoldBudget(long most) {
        this.most = most;
        this.mostOfNamespace = most / SHARE_OF_NAMESPACE;
    }

    static HoldBudget ofHeap() {
        return new HoldBudget(Runtime.getRuntime().maxMemory() / SHARE_OF_HEAP);
    }

    /** Takes {@code bytes} in place of {@code before}; false when there is no room, and then nothing is taken. */
    synchronized boolean replace(String namespace, long before, long bytes) {
        long after = byNamespace.getOrDefault(namespace, 0L) - before + bytes;
        if (bytes > before && (held - before + bytes > most || after > mostOfNamespace)) {
            if (!told) {
                told = true;
                LOG.warn(
                        "The objects of namespace {} exceed its share of the caches, {} bytes; further ones are held in"
                                + " part and read from the API when needed",
                        namespace,
                        mostOfNamespace);
            }
            return false;
        }
        force(namespace, before, bytes);
        return true;
    }

    /** As {@link #replace}, whatever there is room for: heads are small. */
    synchronized void force(String namespace, long before, long bytes) {
        held += bytes - before;
        byNamespace.merge(namespace, bytes - before, Long::sum);
        byNamespace.remove(namespace, 0L);
    }

    synchronized long held() {
        return held;
    }
}
