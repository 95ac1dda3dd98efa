// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.jwks;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Who may fetch now. Each namespace has slots of its own and a rate of its own, so that hosts that hang, and routes that are edited all
 * the time, delay nobody else. Not thread-safe.
 */
final class FetchSlots {

    static final int PER_NAMESPACE = 4;

    /** Far more than honest routes need: a fetch takes a fraction of a second every few minutes. */
    static final int ALL = 64;

    /** Least time between the beginnings of two fetches of a namespace. */
    static final Duration PACE = Duration.ofMillis(250);

    private final Map<String, Integer> running = new HashMap<>();
    private final Map<String, Instant> begun = new HashMap<>();
    private int all;

    /**
     * Takes a slot.
     *
     * @param namespaces that want the key set; any of them will do
     * @return the namespace whose slot was taken, to be given back; empty if none is free
     */
    Optional<String> take(Set<String> namespaces, Instant now) {
        if (all >= ALL) {
            return Optional.empty();
        }
        Optional<String> free = namespaces.stream()
                .filter(namespace -> used(namespace) < PER_NAMESPACE)
                .filter(namespace -> !begun.getOrDefault(namespace, Instant.MIN).isAfter(now.minus(PACE)))
                .min(Comparator.comparing(this::used).thenComparing(Comparator.naturalOrder()));
        free.ifPresent(namespace -> {
            all++;
            running.merge(namespace, 1, Integer::sum);
            begun.put(namespace, now);
        });
        return free;
    }

    /** Slots that {@code namespace} has taken. */
    int used(String namespace) {
        return running.getOrDefault(namespace, 0);
    }

    void giveBack(String namespace) {
        all--;
        running.merge(namespace, -1, (before, one) -> before + one == 0 ? null : before + one);
    }

    /** Forgets what no longer matters. */
    void prune(Instant now) {
        begun.values().removeIf(at -> !at.isAfter(now.minus(PACE)));
    }
}
