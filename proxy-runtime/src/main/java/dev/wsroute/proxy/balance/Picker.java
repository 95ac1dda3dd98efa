package dev.wsroute.proxy.balance;

import dev.wsroute.config.RuleConfig.LoadBalancing;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;

/** Chooses one of the members that can be had. Called on every event loop; takes no lock. */
sealed interface Picker {

    /** @param members at least one */
    Member pick(Member[] members);

    static Picker of(LoadBalancing.Type type) {
        return switch (type) {
            // Until keys are hashed, endpoints are chosen as where the rule says nothing.
            case LeastConnections, ConsistentHash -> new LeastConnections();
            case RoundRobin -> new RoundRobin();
        };
    }

    /** One after another, from a random start so that many proxies do not march in step. */
    final class RoundRobin implements Picker {

        private final AtomicInteger next =
                new AtomicInteger(ThreadLocalRandom.current().nextInt());

        @Override
        public Member pick(Member[] members) {
            return members[Integer.remainderUnsigned(next.getAndIncrement(), members.length)];
        }
    }

    /**
     * Two random choices, the one with fewer live connections wins: within a constant of the true minimum, and a new
     * endpoint is not stormed by every proxy at once (Mitzenmacher 2001).
     */
    final class LeastConnections implements Picker {

        @Override
        public Member pick(Member[] members) {
            if (members.length == 1) {
                return members[0];
            }
            ThreadLocalRandom random = ThreadLocalRandom.current();
            int first = random.nextInt(members.length);
            int second = random.nextInt(members.length - 1);
            if (second >= first) {
                second++;
            }
            Member one = members[first];
            Member other = members[second];
            return other.load().live() < one.load().live() ? other : one;
        }
    }
}
