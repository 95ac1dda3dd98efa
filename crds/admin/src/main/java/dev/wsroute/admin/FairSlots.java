// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.admin;

import java.net.InetAddress;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A bounded number of slots for connections. When all are held, a new connection takes the slot of the oldest connection of
 * the address that holds the most. So no address can exhaust the slots, and its newest connections are served. Not
 * thread-safe.
 */
final class FairSlots<T> {

    private final int max;
    /** Addresses in order of arrival: of several addresses with equally many slots, the first one loses a slot. */
    private final Map<InetAddress, Set<T>> held = new LinkedHashMap<>();

    private int size;

    FairSlots(int max) {
        this.max = max;
    }

    /** @return the evicted connection, which no longer holds a slot; null if none was evicted */
    @Nullable T acquire(InetAddress address, T connection) {
        held.computeIfAbsent(address, absent -> new LinkedHashSet<>()).add(connection);
        size++;
        if (size <= max) {
            return null;
        }
        InetAddress largest = address;
        int count = 0;
        for (Map.Entry<InetAddress, Set<T>> entry : held.entrySet()) {
            if (entry.getValue().size() > count) {
                largest = entry.getKey();
                count = entry.getValue().size();
            }
        }
        T oldest = held.getOrDefault(largest, Set.of()).iterator().next();
        release(largest, oldest);
        return oldest;
    }

    /** Does nothing if {@code who} holds no slot. */
    void release(InetAddress address, T who) {
        Set<T> there = held.get(address);
        if (there != null && there.remove(who)) {
            size--;
            if (there.isEmpty()) {
                held.remove(address);
            }
        }
    }

    int size() {
        return size;
    }
}
