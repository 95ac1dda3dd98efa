// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.rebalance;

import dev.wsroute.proxy.balance.Place;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * How many connections the endpoints of a rule have in excess of their fair shares.
 *
 * @param surplus by endpoint, above zero, the largest first
 */
record Excess(Map<Place, Integer> surplus) {

    /** Fewer connections are noise: with a share of one, a second one would be twice as many. */
    private static final int LEAST = 3;

    /** An endpoint that has begun to shed ends at a quarter of the threshold, so that it does not begin again at once. */
    private static final int HYSTERESIS = 4;

    /**
     * @param counts connections of the rule by endpoint
     * @param parts the part of all connections that is fair
     * @param thresholdPercent by how much an endpoint must exceed its share before it sheds
     * @param shedding endpoints that have begun to shed
     */
    static Excess of(Map<Place, Integer> counts, Map<Place, Double> parts, int thresholdPercent, Set<Place> shedding) {
        double total = parts.keySet().stream()
                .mapToInt(place -> counts.getOrDefault(place, 0))
                .sum();
        Map<Place, Integer> surplus = new LinkedHashMap<>();
        parts.entrySet().stream()
                .map(entry -> Map.entry(
                        entry.getKey(),
                        surplus(
                                counts.getOrDefault(entry.getKey(), 0),
                                entry.getValue() * total,
                                thresholdPercent,
                                shedding.contains(entry.getKey()))))
                .filter(entry -> entry.getValue() > 0)
                .sorted(Comparator.comparing(entry -> -entry.getValue()))
                .forEach(entry -> surplus.put(entry.getKey(), entry.getValue()));
        return new Excess(surplus);
    }

    /**
     * How many connections one has too many.
     *
     * @param count that it has
     * @param share that is fair
     * @param shedding whether it has begun to shed
     */
    static int surplus(int count, double share, int thresholdPercent, boolean shedding) {
        double end = end(share, thresholdPercent);
        double begin = Math.max(share * (1 + thresholdPercent / 100.0), share + LEAST);
        return count > (shedding ? end : begin) ? (int) Math.ceil(count - end) : 0;
    }

    /** How many connections one has at the end of shedding. */
    static double end(double share, int thresholdPercent) {
        return share * (1 + thresholdPercent / 100.0 / HYSTERESIS);
    }

    /** Without the endpoints that do not match. */
    Excess ofThose(Predicate<Place> which) {
        Map<Place, Integer> left = new LinkedHashMap<>();
        surplus.forEach((place, count) -> {
            if (which.test(place)) {
                left.put(place, count);
            }
        });
        return new Excess(left);
    }

    boolean isEmpty() {
        return surplus.isEmpty();
    }

    int sum() {
        return surplus.values().stream().mapToInt(Integer::intValue).sum();
    }

    Set<Place> places() {
        return new HashSet<>(surplus.keySet());
    }

    /** Divides {@code most} closes in proportion to the surpluses. */
    Map<Place, Integer> within(int most) {
        int sum = sum();
        int left = Math.min(most, sum);
        Map<Place, Integer> divided = new LinkedHashMap<>();
        List<Map.Entry<Place, Integer>> entries = List.copyOf(surplus.entrySet());
        int waiting = sum;
        for (Map.Entry<Place, Integer> entry : entries) {
            // Of what is left, so that rounding loses none.
            int own = (int) Math.ceil((double) left * entry.getValue() / waiting);
            divided.put(entry.getKey(), own);
            left -= own;
            waiting -= entry.getValue();
        }
        return divided;
    }
}
