// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.scaling;

import dev.wsroute.config.Durations;
import dev.wsroute.operator.scaling.ProxyLoad.Freshness;
import dev.wsroute.operator.scaling.ScalingDecision.State;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Decides how many proxies a route gets. Up at once: as many as the load needs, with the clients that wait for one. Down in
 * steps, and only after fewer proxies have been enough for a while, with a tenth to spare, so that the number does not swing. A
 * step is never taken on old reports or during a roll-out: a proxy that ends costs all its clients a reconnection.
 */
public final class Scaler {

    private Scaler() {}

    /** The number of proxies from now on. */
    public static ScalingDecision decide(ScalingFacts facts) {
        ScalingRules rules = facts.rules();
        Demand demand = new Demand(facts);
        int needed = demand.needed();
        int within = within(needed, rules);
        if (within > facts.current()) {
            return decision(facts, within, needed, demand.state(), demand.sentence(within), null);
        }
        if (facts.current() > rules.maxReplicas()) {
            // Somebody has lowered the limit: there is nothing to wait for.
            int most = rules.maxReplicas();
            return decision(facts, most, needed, demand.state(), demand.sentence(most), null);
        }
        int enough = Math.min(facts.current(), within(demand.neededWithSpare(), rules));
        Optional<String> silent = pods(facts, Freshness.STALE);
        if (silent.isPresent()) {
            return keep(
                    facts,
                    needed,
                    State.ReportsStale,
                    silent.get() + " not reported for " + Durations.format(rules.staleAfter())
                            + ": the last report counts, and no proxy ends.",
                    null);
        }
        return enough < facts.current() ? down(facts, demand, enough) : keep(facts, demand);
    }

    private static ScalingDecision down(ScalingFacts facts, Demand demand, int enough) {
        ScalingRules rules = facts.rules();
        int needed = demand.needed();
        if (pods(facts, Freshness.UNCONFIRMED).isPresent()) {
            return keep(
                    facts,
                    needed,
                    State.AwaitingReports,
                    fewer(enough) + ", but no proxy ends before each has reported twice.",
                    null);
        }
        LowLoad low = lowSoFar(facts.low(), enough, facts.now());
        Duration left =
                Duration.between(facts.now(), low.since().plus(rules.scaleDown().after()));
        if (left.compareTo(Duration.ZERO) > 0) {
            return decision(
                            facts,
                            facts.current(),
                            needed,
                            State.ScaleDownPending,
                            fewer(enough) + "; " + step(rules) + " once that has been so for "
                                    + Durations.format(rules.scaleDown().after()) + ".",
                            low)
                    .recheckedAfter(left);
        }
        if (facts.busy() != null) {
            return keep(
                    facts,
                    needed,
                    State.RolloutRunning,
                    fewer(enough) + ", but no proxy ends before this is over: " + facts.busy(),
                    low);
        }
        int step = Math.max(facts.current() - rules.scaleDown().maxPerStep(), low.most());
        int desired = Math.min(facts.current(), step);
        // The next step takes as long again: meanwhile the clients of this one reconnect.
        LowLoad again = desired > enough ? new LowLoad(facts.now(), enough) : null;
        return decision(facts, desired, needed, demand.state(), demand.sentence(desired), again);
    }

    /** A clock that was set back must not make the wait longer. */
    private static LowLoad lowSoFar(@Nullable LowLoad before, int enough, Instant now) {
        if (before == null) {
            return new LowLoad(now, enough);
        }
        return new LowLoad(before.since().isAfter(now) ? now : before.since(), Math.max(before.most(), enough));
    }

    private static ScalingDecision keep(ScalingFacts facts, Demand demand) {
        return keep(facts, demand.needed(), demand.state(), demand.sentence(facts.current()), null);
    }

    private static ScalingDecision keep(
            ScalingFacts facts, int needed, State state, String sentence, @Nullable LowLoad low) {
        return decision(facts, facts.current(), needed, state, sentence, low);
    }

    private static ScalingDecision decision(
            ScalingFacts facts, int desired, int needed, State state, String sentence, @Nullable LowLoad low) {
        return new ScalingDecision(
                desired,
                needed > facts.rules().maxReplicas(),
                state,
                sentence,
                low,
                facts.rules().reportsEvery());
    }

    private static int within(int wanted, ScalingRules rules) {
        return Math.max(rules.minReplicas(), Math.min(rules.maxReplicas(), wanted));
    }

    /** Names of at most three proxies with the verb "have". */
    private static Optional<String> pods(ScalingFacts facts, Freshness freshness) {
        var found = facts.proxies().stream()
                .filter(proxy -> proxy.freshness() == freshness)
                .map(ProxyLoad::pod)
                .sorted()
                .toList();
        if (found.isEmpty()) {
            return Optional.empty();
        }
        String names = found.stream().limit(3).collect(Collectors.joining(", "));
        return Optional.of(
                found.size() == 1
                        ? "Proxy " + names + " has"
                        : "Proxies " + names + (found.size() > 3 ? " and others have" : " have"));
    }

    private static String fewer(int enough) {
        return enough == 1 ? "1 proxy would be enough" : enough + " proxies would be enough";
    }

    private static String step(ScalingRules rules) {
        int most = rules.scaleDown().maxPerStep();
        return most == 1 ? "one proxy ends" : "up to " + most + " proxies end";
    }
}
