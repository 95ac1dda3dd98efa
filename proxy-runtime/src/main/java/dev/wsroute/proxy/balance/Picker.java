package dev.wsroute.proxy.balance;

import dev.wsroute.config.RuleConfig.LoadBalancing;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;

/** Chooses one of the members that can be had. Called on every event loop; takes no lock. */
sealed interface Picker {

    /**
     * @param members at least one
     * @param key of the request, where one decides
     * @param now by {@link System#nanoTime}
     */
    Member pick(Member[] members, long key, long now);

    static Picker of(LoadBalancing balancing) {
        return switch (balancing.type()) {
            case LeastConnections -> new LeastConnections(balancing.slowStart().toNanos());
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

    /**
     * Two random choices, the one with fewer live connections wins: within a constant of the true minimum, and a new
     * endpoint is not stormed by every proxy at once (Mitzenmacher 2001). It still would have twice its fair share while
     * it is empty, since it wins wherever it is drawn: in its slow start it counts as fuller than it is, and takes no
     * more than half of the draws that it wins.
     *
     * @param slowStart nanoseconds
     */
    record LeastConnections(long slowStart) implements Picker {

        @Override
        public Member pick(Member[] members, long key, long now) {
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
            double share = one.share(now, slowStart);
            double otherShare = other.share(now, slowStart);
            boolean takesOther = (other.live() + 1) * share < (one.live() + 1) * otherShare;
            if ((share < 1) != (otherShare < 1)) {
                // One of them is new, one is not.
                double due = Math.min(share, otherShare) / 2;
                boolean newWins = takesOther == (otherShare < 1);
                return newWins && random.nextDouble() >= due ? (share < 1 ? other : one) : (takesOther ? other : one);
            }
            return takesOther ? other : one;
        }
    }
}
