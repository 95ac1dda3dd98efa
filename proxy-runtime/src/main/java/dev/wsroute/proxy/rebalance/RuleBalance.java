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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The state of one rule: which endpoints shed, and how many connections the rate still allows. Confined to the control thread.
 */
final class RuleBalance {

    private static final Logger LOG = LoggerFactory.getLogger(RuleBalance.class);

    private final String route;
    private final RuleConfig rule;
    private final Rebalance settings;
    private final Balancing balancing;
    private final RandomChoice choice;
    private final Allowance allowance;
    private final Patience patience = new Patience();
    private Set<Place> shedding = Set.of();
    private long changed;

    RuleBalance(String route, RuleConfig rule, Balancing balancing, Supplier<RandomGenerator> random) {
        this.route = route;
        this.rule = rule;
        this.settings = Objects.requireNonNull(rule.loadBalancing().rebalance());
        this.balancing = balancing;
        this.choice = new RandomChoice(random, settings.minAge());
        this.allowance = new Allowance(settings.percentPerMinute());
    }

    /** Whether it still has the configuration {@code current}. */
    boolean isOf(@Nullable RuleConfig current) {
        return rule.equals(current);
    }

    /** The endpoints have changed at this time, in nanoseconds: what was tried before means nothing. */
    void changed(long at) {
        if (at != changed) {
            changed = at;
            patience.forget();
        }
    }

    /** Nothing is to be closed now. */
    void pause() {
        shedding = Set.of();
        allowance.reset();
    }

    /**
     * Chooses the connections to close.
     *
     * @param own all connections of the rule that were not asked to close
     * @param time since the last choice
     * @param now in nanoseconds
     */
    List<LiveConnection> choose(List<LiveConnection> own, Duration time, long now) {
        FairShares shares = balancing.fairShares(route, rule);
        if (!shares.settled()) {
            pause();
            return List.of();
        }
        Map<Place, List<LiveConnection>> byPlace = own.stream()
                .collect(Collectors.groupingBy(connection -> new Place(connection.source(), connection.endpoint())));
        Map<Place, Integer> counts = new HashMap<>();
        byPlace.forEach((place, there) -> counts.put(place, there.size()));
        Excess excess = Excess.of(counts, shares.parts(), settings.thresholdPercent(), shedding);
        shedding = excess.places();
        double leaving = 1
                - shedding.stream()
                        .mapToDouble(place -> shares.parts().getOrDefault(place, 0.0))
                        .sum();
        excess = excess.ofThose(place -> isBusy(place, shares));
        if (!isWorthwhile(excess.sum(), leaving, now) || excess.isEmpty()) {
            allowance.reset();
            return List.of();
        }
        List<LiveConnection> chosen = new ArrayList<>();
        excess.within(allowance.after(time, own.size()))
                .forEach((place, count) -> chosen.addAll(choice.of(byPlace.getOrDefault(place, List.of()), count)));
        allowance.use(chosen.size());
        patience.closed(chosen.size(), leaving);
        return chosen;
    }

    private boolean isWorthwhile(int excess, double leaving, long now) {
        Patience.Advice advice = patience.look(excess, leaving, now);
        if (advice == Patience.Advice.GIVE_UP) {
            LOG.warn(
                    "Rule {} of {} closes no connection for balance in the next {} minutes: {} of them have hardly"
                            + " evened out the endpoints, since clients come back to the same ones",
                    rule.name(),
                    route,
                    Patience.REST.toMinutes(),
                    patience.sum());
        }
        return advice == Patience.Advice.CLOSE;
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
}
