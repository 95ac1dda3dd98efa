package dev.wsroute.proxy.balance;

import org.jspecify.annotations.Nullable;

/**
 * Rendezvous hashing (Thaler and Ravishankar 1998): every key has an order of its own of all candidates, and goes to the
 * first that can be had. What joins takes its share of the keys and moves no other; what goes gives away only its own.
 */
final class Rendezvous {

    /** How far above the average an endpoint's live connections may go before keys go to their next one, in percent. */
    private static final int HEADROOM_PERCENT = 25;
    /**
     * And at least so many connections above it: with few connections a quarter is less than chance, and less than the
     * connections that one client has at a time.
     */
    private static final int LEAST_HEADROOM = 16;

    private static final double UNIT = 0x1.0p-53;

    private Rendezvous() {}

    /**
     * The endpoint of a key, with bounded loads (Mirrokni, Thorup and Zadimoghaddam 2016).
     *
     * @param members at least one
     */
    static Member pick(Member[] members, long key) {
        long sum = 1;
        for (Member member : members) {
            sum += member.live();
        }
        long average = (sum + members.length - 1) / members.length;
        long most = average + Math.max(LEAST_HEADROOM, average * HEADROOM_PERCENT / 100);
        Member best = null;
        long bestScore = 0;
        for (Member member : members) {
            if (member.live() < most) {
                long score = Hashing.score(key, member.hash());
                if (best == null || Long.compareUnsigned(score, bestScore) > 0) {
                    best = member;
                    bestScore = score;
                }
            }
        }
        // While counting, others may have gone; there is always one with less than the average and the headroom.
        return best == null ? members[0] : best;
    }

    /**
     * The backend of a key, by weight: when a weight changes, no more keys move than have to (Schindelhauer and Schomaker
     * 2005).
     *
     * @param members of each backend; null for one that cannot be had
     * @return its place; -1 when there is none
     */
    static int backend(RuleBackend[] backends, @Nullable Member[][] members, long key) {
        int best = -1;
        double bestCost = Double.POSITIVE_INFINITY;
        for (int i = 0; i < backends.length; i++) {
            if (members[i] != null) {
                double place = ((Hashing.score(key, backends[i].hash()) >>> 11) + 0.5) * UNIT;
                // Strict: the same on every platform, so that proxies agree.
                double cost = -StrictMath.log(place) / backends[i].weight();
                if (cost < bestCost) {
                    best = i;
                    bestCost = cost;
                }
            }
        }
        return best;
    }
}
