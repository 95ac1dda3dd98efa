package dev.wsroute.admin;

import java.net.InetAddress;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A bounded number of places. When all are taken, a new connection gets the place of the oldest one of the address that
 * holds the most. So one address cannot crowd out another, and the newest connections of an address are served. Not
 * thread-safe.
 */
final class Places<T> {

    private final int most;
    /** Addresses in order of arrival, so that among several with equally many the first one loses a place. */
    private final Map<InetAddress, Set<T>> taken = new LinkedHashMap<>();

    private int size;

    Places(int most) {
        this.most = most;
    }

    /** @return the displaced one, which has no place any more */
    @Nullable T enter(InetAddress address, T newcomer) {
        taken.computeIfAbsent(address, absent -> new LinkedHashSet<>()).add(newcomer);
        size++;
        if (size <= most) {
            return null;
        }
        InetAddress crowded = address;
        int count = 0;
        for (Map.Entry<InetAddress, Set<T>> entry : taken.entrySet()) {
            if (entry.getValue().size() > count) {
                crowded = entry.getKey();
                count = entry.getValue().size();
            }
        }
        T oldest = taken.getOrDefault(crowded, Set.of()).iterator().next();
        leave(crowded, oldest);
        return oldest;
    }

    /** Does nothing if it has no place. */
    void leave(InetAddress address, T who) {
        Set<T> there = taken.get(address);
        if (there != null && there.remove(who)) {
            size--;
            if (there.isEmpty()) {
                taken.remove(address);
            }
        }
    }

    int size() {
        return size;
    }
}
