// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.authz;

import dev.wsroute.proxy.access.TurnQueue;
import dev.wsroute.proxy.clientaddress.ClientKey;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Subrequests that wait for a connection. Clients take turns, and who has half of the connections gets no further one while others
 * wait: a client about which the service is slow must not hold all of them. Confined to one event loop.
 */
final class CheckQueue {

    private final int half;
    private final TurnQueue<PendingCheck> waiting = new TurnQueue<>();
    /** Subrequests that are being sent or answered, by site. */
    private final Map<ClientKey, Integer> sent = new HashMap<>();

    /** @param connections of all clients */
    CheckQueue(int connections) {
        this.half = Math.max(1, connections / 2);
    }

    int size() {
        return waiting.size();
    }

    boolean isEmpty() {
        return waiting.size() == 0;
    }

    void add(PendingCheck check) {
        waiting.add(check.turn(), check);
    }

    /** Removes the next one, which then has a connection until it is {@link #finished}. Null if none waits. */
    @Nullable PendingCheck next() {
        PendingCheck next = waiting.poll(site -> sent.getOrDefault(site, 0) >= half);
        if (next != null) {
            sent.merge(next.turn().site(), 1, Integer::sum);
        }
        return next;
    }

    /** It needs its connection no more. */
    void finished(PendingCheck check) {
        sent.computeIfPresent(check.turn().site(), (site, number) -> number == 1 ? null : number - 1);
    }

    /** Returns false if it does not wait. */
    boolean remove(PendingCheck check) {
        return waiting.remove(check.turn(), check);
    }

    /** Removes those that match. Each is asked about once. */
    List<PendingCheck> removeAll(Predicate<PendingCheck> which) {
        return waiting.removeAll(which);
    }
}
