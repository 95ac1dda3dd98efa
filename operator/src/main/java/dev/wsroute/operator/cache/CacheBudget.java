// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.cache;

import java.util.HashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Limits the bytes of all caches, in total and per namespace, so that one tenant exhausts neither the memory of the process
 * nor the share of the others. Objects beyond the budget are stored as a {@link PartialObject}.
 */
final class CacheBudget {

    private static final Logger LOG = LoggerFactory.getLogger(CacheBudget.class);

    /** The caches get this fraction of the heap; the rest is for objects being read, compiled and written. */
    private static final int HEAP_DIVISOR = 4;

    /** One namespace gets this fraction of the budget. */
    private static final int NAMESPACE_DIVISOR = 2;

    private final long max;
    private final long maxOfNamespace;
    private final Map<String, Long> byNamespace = new HashMap<>();
    private long held;
    private boolean warned;

    /** @param max bytes in total */
    CacheBudget(long max) {
        this.max = max;
        this.maxOfNamespace = max / NAMESPACE_DIVISOR;
    }

    static CacheBudget ofHeap() {
        return new CacheBudget(Runtime.getRuntime().maxMemory() / HEAP_DIVISOR);
    }

    /** Replaces a reservation of {@code before} bytes by one of {@code bytes}; if that exceeds the budget, returns false and changes nothing. */
    synchronized boolean replace(String namespace, long before, long bytes) {
        long after = byNamespace.getOrDefault(namespace, 0L) - before + bytes;
        if (bytes > before && (held - before + bytes > max || after > maxOfNamespace)) {
            if (!warned) {
                warned = true;
                LOG.warn(
                        "The objects of namespace {} exceed its share of the cache, {} bytes; only the metadata of"
                                + " further objects is cached, and the rest is read from the API when needed",
                        namespace,
                        maxOfNamespace);
            }
            return false;
        }
        force(namespace, before, bytes);
        return true;
    }

    /** As {@link #replace}, but may exceed the budget: partial objects are small. */
    synchronized void force(String namespace, long before, long bytes) {
        held += bytes - before;
        byNamespace.merge(namespace, bytes - before, Long::sum);
        byNamespace.remove(namespace, 0L);
    }

    synchronized long held() {
        return held;
    }
}
