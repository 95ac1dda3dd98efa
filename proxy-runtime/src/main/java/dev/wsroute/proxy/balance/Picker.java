// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.balance;

import dev.wsroute.config.RuleConfig.LoadBalancing;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/** Chooses one of the eligible members. Called on every event loop; lock-free. */
sealed interface Picker permits LeastConnections, Picker.ByKey, Picker.RoundRobin {

    /**
     * @param members at least one, oldest first
     * @param key hash of the request, if the policy uses one
     * @param now as {@link System#nanoTime}
     */
    Member pick(Member[] members, long key, long now);

    /** @param random the calling thread's generator */
    static Picker of(LoadBalancing balancing, Supplier<RandomGenerator> random) {
        return switch (balancing.type()) {
            case LeastConnections -> new LeastConnections(balancing.slowStart(), random);
            case RoundRobin -> new RoundRobin();
            case ConsistentHash -> new ByKey();
        };
    }

    /** The member with the highest score for the key that is below its load bound. */
    record ByKey() implements Picker {

        @Override
        public Member pick(Member[] members, long key, long now) {
            return Rendezvous.pick(members, key);
        }
    }

    /** One after another, from a random start so that proxies do not synchronise. */
    final class RoundRobin implements Picker {

        private final AtomicInteger next =
                new AtomicInteger(ThreadLocalRandom.current().nextInt());

        @Override
        public Member pick(Member[] members, long key, long now) {
            return members[Integer.remainderUnsigned(next.getAndIncrement(), members.length)];
        }
    }
}
