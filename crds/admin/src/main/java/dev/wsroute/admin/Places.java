package dev.wsroute.admin;

import java.net.InetAddress;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A bounded number of places. Where all are taken, a newcomer is let in and the oldest of the address that holds the most
 * gives way: so one address cannot crowd out another, and of one address the newest are served. For one thread.
 */
final class Places<T> {

    private final int most;
    /** Addresses in the order in which they came, so that of several with as many the first one gives way. */
    private final Map<InetAddress, Set<T>> taken = new LinkedHashMap<>();

    private int size;

    Places(int most) {
        this.most = most;
    }

    /** @return who gives way; it has no place any more */
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

    /** Does nothing where it has no place. */
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
