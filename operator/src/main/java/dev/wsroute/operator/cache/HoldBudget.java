package dev.wsroute.operator.cache;

import java.util.HashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How many bytes of objects all caches may hold, and how many of one namespace, so that one tenant exhausts neither the
 * memory of the process nor the share of the others. Objects beyond the budget are held as a {@link Head}.
 */
final class HoldBudget {

    private static final Logger LOG = LoggerFactory.getLogger(HoldBudget.class);

    /** Share of the heap; the rest is for objects being read, compiled and written. */
    private static final int SHARE_OF_HEAP = 4;

    /** Share of the budget for one namespace. */
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

    /** Reserves {@code bytes} in place of {@code before}; false if there is no room, and then nothing changes. */
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

    /** As {@link #replace}, but beyond the budget if need be: heads are small. */
    synchronized void force(String namespace, long before, long bytes) {
        held += bytes - before;
        byNamespace.merge(namespace, bytes - before, Long::sum);
        byNamespace.remove(namespace, 0L);
    }

    synchronized long held() {
        return held;
    }
}
