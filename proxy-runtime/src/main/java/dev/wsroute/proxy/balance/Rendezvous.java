// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.balance;

import org.jspecify.annotations.Nullable;

/**
 * Rendezvous hashing (Thaler and Ravishankar 1998): each key ranks all candidates and goes to the first available one.
 * An added candidate takes over its share of the keys and moves no others; a removed one gives up only its own.
 */
final class Rendezvous {

    /**
     * Percentage by which an endpoint's live connections may exceed the average before its keys overflow to the next
     * candidate.
     */
    private static final int HEADROOM_PERCENT = 25;
    /**
     * The headroom is at least this many connections: with few connections, 25 % is less than random variation and less
     * than one client's connections.
     */
    private static final int LEAST_HEADROOM = 16;

    private static final double UNIT = 0x1.0p-53;

    private Rendezvous() {}

    /**
     * The endpoint for a key, with bounded loads (Mirrokni, Thorup and Zadimoghaddam 2016).
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
        // Loads may change during the count. Otherwise one member is always below the bound.
        return best == null ? members[0] : best;
    }

    /**
     * The backend for a key, by weight. A changed weight moves the minimum number of keys (Schindelhauer and Schomaker
     * 2005).
     *
     * @param members of each backend; null if none is eligible
     * @return its index; -1 if there is none
     */
    static int backend(RuleBackend[] backends, @Nullable Member[][] members, long key) {
        int best = -1;
        double bestCost = Double.POSITIVE_INFINITY;
        for (int i = 0; i < backends.length; i++) {
            if (members[i] != null) {
                double uniform = ((Hashing.score(key, backends[i].hash()) >>> 11) + 0.5) * UNIT;
                // StrictMath gives the same result on every platform, so that proxies agree.
                double cost = -StrictMath.log(uniform) / backends[i].weight();
                if (cost < bestCost) {
                    best = i;
                    bestCost = cost;
                }
            }
        }
        return best;
    }
}
