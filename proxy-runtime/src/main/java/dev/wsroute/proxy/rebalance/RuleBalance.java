// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.rebalance;

import dev.wsroute.config.Rebalance;
import dev.wsroute.config.RuleConfig;
import dev.wsroute.proxy.balance.Balancing;
import dev.wsroute.proxy.balance.FairShares;
import dev.wsroute.proxy.balance.Place;
import dev.wsroute.proxy.drain.LiveConnection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The state of one rule: which endpoints shed, and how many connections the rate still allows. Confined to the control thread.
 */
final class RuleBalance {

    private static final double MINUTE = Duration.ofMinutes(1).toNanos();

    private final String route;
    private final RuleConfig rule;
    private final Rebalance settings;
    private final Balancing balancing;
    private final Supplier<RandomGenerator> random;
    /** Connections that were chosen before. Their clients are on their way: they count nowhere. */
    private final Set<LiveConnection> asked = Collections.newSetFromMap(new IdentityHashMap<>());

    private Set<Place> shedding = Set.of();
    private double allowed;

    RuleBalance(String route, RuleConfig rule, Balancing balancing, Supplier<RandomGenerator> random) {
        this.route = route;
        this.rule = rule;
        this.settings = Objects.requireNonNull(rule.loadBalancing().rebalance());
        this.balancing = balancing;
        this.random = random;
    }

    /** Whether it still has the configuration {@code current}. */
    boolean isOf(@Nullable RuleConfig current) {
        return rule.equals(current);
    }

    /** Nothing is to be closed now. */
    void pause() {
        shedding = Set.of();
        allowed = 0;
    }

    /**
     * Chooses the connections to close.
     *
     * @param own all connections of the rule
     * @param time since the last choice
     */
    List<LiveConnection> choose(List<LiveConnection> own, Duration time) {
        asked.retainAll(identitySet(own));
        FairShares shares = balancing.fairShares(route, rule);
        if (!shares.settled()) {
            pause();
            return List.of();
        }
        Map<Place, List<LiveConnection>> byPlace = own.stream()
                .filter(connection -> !asked.contains(connection))
                .collect(Collectors.groupingBy(connection -> new Place(connection.source(), connection.endpoint())));
        Map<Place, Integer> counts = new HashMap<>();
        byPlace.forEach((place, there) -> counts.put(place, there.size()));
        Excess excess = Excess.of(counts, shares.parts(), settings.thresholdPercent(), shedding);
        shedding = excess.places();
        excess = excess.ofThose(place -> isBusy(place, shares));
        if (excess.isEmpty()) {
            allowed = 0;
            return List.of();
        }
        double rate = own.size() * settings.percentPerMinute() / 100.0 * time.toNanos() / MINUTE;
        // What could not be closed before, because the connections were too young, is not made up for.
        allowed = Math.min(allowed + rate, Math.max(1, rate) + 1);
        List<LiveConnection> chosen = new ArrayList<>();
        excess.within((int) allowed)
                .forEach((place, count) -> chosen.addAll(some(byPlace.getOrDefault(place, List.of()), count)));
        allowed -= chosen.size();
        asked.addAll(chosen);
        return chosen;
    }

    /**
     * Whether the endpoint has more than its share of all its load, other rules included. Otherwise the clients would come back to
     * it, since it is chosen by its whole load.
     */
    private boolean isBusy(Place place, FairShares shares) {
        double all = shares.parts().keySet().stream()
                .mapToInt(each -> balancing.live(each.endpoint()))
                .sum();
        return balancing.live(place.endpoint()) > all * shares.parts().getOrDefault(place, 0.0);
    }

    /** Random ones that are old enough: always the oldest would be always the same clients. */
    private List<LiveConnection> some(List<LiveConnection> there, int count) {
        List<LiveConnection> order = new ArrayList<>(there);
        Collections.shuffle(order, new Random(random.get().nextLong()));
        long youngest = settings.minAge().toSeconds();
        return order.stream()
                .filter(connection -> connection.view().ageSeconds() >= youngest)
                .limit(count)
                .toList();
    }

    private static Set<LiveConnection> identitySet(List<LiveConnection> connections) {
        Set<LiveConnection> set = Collections.newSetFromMap(new IdentityHashMap<>());
        set.addAll(connections);
        return set;
    }
}
