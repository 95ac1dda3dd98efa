// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.balance;

import java.time.Duration;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * The power of two choices (Mitzenmacher 2001): of two random endpoints, the one with fewer live connections wins. This
 * comes close to the true minimum without sending the connections of every proxy to a new endpoint at once. An empty
 * endpoint would still get twice its fair share, since it wins whenever it is drawn, and with two endpoints it would
 * get everything. Hence:
 *
 * <ul>
 *
 * <li>During its slow start an endpoint gets a growing part of its fair share of all choices, whatever its load: with
 * short connections all loads are near zero, so weighting the load would have no effect. The oldest endpoints have no
 * slow start, since others have to take the rest.
 *
 * <li>After that it catches up. While it has far fewer connections, the other endpoint still wins sometimes: of n
 * endpoints the emptier one gets 2/n - 1/n² of the choices, as if one endpoint could be drawn twice.
 *
 * </ul>
 */
final class LeastConnections implements Picker {

    /** A difference in connections that still counts as balanced. */
    private static final int NEAR = 4;

    private static final long FRACTION = (1L << Integer.SIZE) - 1;
    private static final double UNIT = 0x1.0p-32;

    private final long slowStart;
    private final Supplier<RandomGenerator> random;
    private final EvenSequence sequence;

    /**
     * @param slowStart if zero, the endpoint with fewer connections always wins
     * @param random the calling thread's generator
     */
    LeastConnections(Duration slowStart, Supplier<RandomGenerator> random) {
        this.slowStart = slowStart.toNanos();
        this.random = random;
        this.sequence = new EvenSequence(random.get());
    }

    @Override
    public Member pick(Member[] members, long key, long now) {
        double full = members[0].share(now, slowStart);
        int established = fullShares(full, members, now);
        if (established == members.length) {
            return ofTwo(members, established);
        }
        // Each endpoint has an equal part of the range. What a new one does not use of its part goes to the established
        // ones.
        long position = sequence.next() * members.length;
        int drawn = (int) (position >>> Integer.SIZE);
        if (drawn >= established && (position & FRACTION) * UNIT * full < members[drawn].share(now, slowStart)) {
            return members[drawn];
        }
        return ofTwo(members, established);
    }

    /** Number of endpoints with a full share; they come first. */
    private int fullShares(double full, Member[] members, long now) {
        int low = 1;
        int high = members.length;
        if (members[high - 1].share(now, slowStart) >= full) {
            return high;
        }
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (members[middle].share(now, slowStart) < full) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }

    /** Applies the two choices to the first {@code count} members. */
    private Member ofTwo(Member[] members, int count) {
        if (count == 1) {
            return members[0];
        }
        RandomGenerator draws = random.get();
        int first = draws.nextInt(count);
        int second = draws.nextInt(count - 1);
        if (second >= first) {
            second++;
        }
        Member one = members[first];
        Member other = members[second];
        int more = one.live() - other.live();
        boolean keeps = slowStart > 0 && Math.abs(more) > NEAR && draws.nextInt(2 * count) == 0;
        return more > 0 != keeps ? other : one;
    }
}
