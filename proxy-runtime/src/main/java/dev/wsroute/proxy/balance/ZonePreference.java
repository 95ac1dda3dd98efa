// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.balance;

import dev.wsroute.config.RuleConfig.LoadBalancing;
import dev.wsroute.proxy.metrics.ZoneRelation;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * Sends connections of one backend to the endpoints of the proxy's own zone, and those that would overload it to others (ADR 49).
 * Evenly even over short runs. Thread-safe and lock-free.
 */
final class ZonePreference {

    private static final double RANGE = 0x1.0p32;

    private final long slowStart;
    private final Picker others;
    private final EvenSequence sequence;
    private final Consumer<ZoneRelation> opened;

    /**
     * @param random the calling thread's generator
     * @param opened told of each opened WebSocket where it went
     */
    ZonePreference(LoadBalancing balancing, Supplier<RandomGenerator> random, Consumer<ZoneRelation> opened) {
        Duration slow = balancing.slowStart();
        this.slowStart = slow.toNanos();
        this.others = Picker.of(balancing, random);
        this.sequence = new EvenSequence(random.get());
        this.opened = opened;
    }

    /**
     * @param members those of the pool that are eligible; at least one
     * @param again whether another endpoint has failed: then the zone comes first, whatever its share
     */
    Member pick(EndpointPool pool, Picker local, Member[] members, boolean again, long key, long now) {
        ZoneSplit split = pool.split(members);
        if (split == null) {
            return local.pick(members, key, now);
        }
        return again || stays(split.share(now, slowStart))
                ? local.pick(split.local(), key, now)
                : others.pick(split.others(), key, now);
    }

    private boolean stays(double share) {
        return share >= 1 || sequence.next() < share * RANGE;
    }

    /** A WebSocket to the member was opened. */
    void opened(EndpointPool pool, Member member) {
        String own = pool.zone().name();
        String zone = member.endpoint().zones().zone();
        opened.accept(
                own == null || zone == null
                        ? ZoneRelation.UNKNOWN
                        : own.equals(zone) ? ZoneRelation.SAME : ZoneRelation.OTHER);
    }
}
