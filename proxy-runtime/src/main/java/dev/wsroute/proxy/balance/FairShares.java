// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.balance;

import dev.wsroute.config.RuleConfig;
import dev.wsroute.proxy.discovery.SourceKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The part of a rule's connections that each endpoint should have: the weights of the backends divided by the numbers of their
 * endpoints. As for new connections, the share of a backend without endpoints goes to the others.
 *
 * @param parts between 0 and 1; their sum is 1 unless there are none
 * @param settled whether all of these endpoints take new connections without restrictions: none is ejected, terminating or in its
 *     slow start
 */
public record FairShares(Map<Place, Double> parts, boolean settled) {

    private record Weighed(EndpointPool pool, int weight) {}

    /** @param pools by source; null for one that is unknown */
    static FairShares of(String route, RuleConfig rule, Function<SourceKey, @Nullable EndpointPool> pools, long now) {
        List<Weighed> backends = new ArrayList<>();
        boolean settled = true;
        for (var backend : rule.backends()) {
            int weight = Objects.requireNonNullElse(backend.weight(), 1);
            EndpointPool pool = pools.apply(SourceKey.of(route, rule.name(), backend));
            if (pool != null && weight > 0 && pool.candidates().length > 0) {
                backends.add(new Weighed(pool, weight));
                settled &= isSettled(pool, rule.loadBalancing().slowStart(), now);
            }
        }
        double weights = backends.stream().mapToDouble(Weighed::weight).sum();
        Map<Place, Double> parts = new HashMap<>();
        for (Weighed backend : backends) {
            Member[] members = backend.pool().candidates();
            for (Member member : members) {
                parts.merge(
                        new Place(backend.pool().source(), member.endpoint().key()),
                        backend.weight() / weights / members.length,
                        Double::sum);
            }
        }
        return new FairShares(Map.copyOf(parts), settled);
    }

    private static boolean isSettled(EndpointPool pool, Duration slowStart, long now) {
        for (Member member : pool.candidates()) {
            if (member.endpoint().terminating()
                    || member.state().health().isEjected(now)
                    || !pool.warmUp(member, now, slowStart).isZero()) {
                return false;
            }
        }
        return true;
    }
}
