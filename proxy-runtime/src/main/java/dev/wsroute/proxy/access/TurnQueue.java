// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.access;

import dev.wsroute.proxy.clientaddress.ClientKey;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A queue in which clients take turns: who has much in it delays itself, and others by one element in each round. All of an IPv6 /48
 * count as one client. Elements of one client stay in order. Unbounded, not thread-safe.
 *
 * @param <T> elements
 */
public final class TurnQueue<T> {

    /** By site, with the one whose turn is next first. None is empty. */
    private final Map<ClientKey, Deque<T>> sites = new LinkedHashMap<>();

    private int size;

    /** Number of elements. */
    public int size() {
        return size;
    }

    /** Adds an element of a client. */
    public void add(ClientKey client, T element) {
        sites.computeIfAbsent(client.site(), site -> new ArrayDeque<>()).add(element);
        size++;
    }

    /**
     * Removes the next element.
     *
     * @param later sites that are passed over as long as there are others
     * @return null if there is none
     */
    public @Nullable T poll(Predicate<ClientKey> later) {
        ClientKey next = null;
        for (ClientKey site : sites.keySet()) {
            if (!later.test(site)) {
                next = site;
                break;
            }
            next = next == null ? site : next;
        }
        Deque<T> elements = next == null ? null : sites.remove(next);
        if (next == null || elements == null) {
            return null;
        }
        T element = elements.remove();
        size--;
        if (!elements.isEmpty()) {
            sites.put(next, elements);
        }
        return element;
    }

    /** Removes an element of a client. Returns false if it is not there. */
    public boolean remove(ClientKey client, T element) {
        Deque<T> elements = sites.get(client.site());
        if (elements == null || !elements.remove(element)) {
            return false;
        }
        size--;
        if (elements.isEmpty()) {
            sites.remove(client.site());
        }
        return true;
    }

    /** Removes all elements that match. Each is asked about once. */
    public List<T> removeAll(Predicate<T> which) {
        List<T> removed = new ArrayList<>();
        for (Iterator<Deque<T>> each = sites.values().iterator(); each.hasNext(); ) {
            Deque<T> elements = each.next();
            elements.removeIf(element -> which.test(element) && removed.add(element));
            if (elements.isEmpty()) {
                each.remove();
            }
        }
        size -= removed.size();
        return removed;
    }
}
