package dev.wsroute.proxy.balance;

import dev.wsroute.config.RuleConfig.LoadBalancing;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/** Chooses one of the members that can be had. Called on every event loop; takes no lock. */
sealed interface Picker permits LeastConnections, Picker.ByKey, Picker.RoundRobin {

    /**
     * @param members at least one, in the order in which they joined
     * @param key of the request, where one decides
     * @param now by {@link System#nanoTime}
     */
    Member pick(Member[] members, long key, long now);

    /** @param random where the calling thread draws from */
    static Picker of(LoadBalancing balancing, Supplier<RandomGenerator> random) {
        return switch (balancing.type()) {
            case LeastConnections -> new LeastConnections(balancing.slowStart(), random);
            case RoundRobin -> new RoundRobin();
            case ConsistentHash -> new ByKey();
        };
    }

    /** The one that comes first for the key and has room. */
    record ByKey() implements Picker {

        @Override
        public Member pick(Member[] members, long key, long now) {
            return Rendezvous.pick(members, key);
        }
    }

    /** One after another, from a random start so that many proxies do not march in step. */
    final class RoundRobin implements Picker {

        private final AtomicInteger next =
                new AtomicInteger(ThreadLocalRandom.current().nextInt());

        @Override
        public Member pick(Member[] members, long key, long now) {
            return members[Integer.remainderUnsigned(next.getAndIncrement(), members.length)];
        }
    }
}
