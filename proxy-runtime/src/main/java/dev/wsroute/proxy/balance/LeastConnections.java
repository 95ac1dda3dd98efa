package dev.wsroute.proxy.balance;

import java.time.Duration;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * Two random choices, the one with fewer live connections wins: within a constant of the true minimum, and a new
 * endpoint is not stormed by every proxy at once (Mitzenmacher 2001). It still would have twice its fair share while it
 * is empty, since it wins wherever it is drawn; of two endpoints, everything. So:
 *
 * <ul>
 * <li>In its slow start an endpoint gets a growing part of its fair share, as a share of all choices. Its load does not
 * matter: where connections are short, all loads are near zero, and no factor on them tells endpoints apart. The oldest
 * endpoints have no slow start: others have to take the rest.
 * <li>After that it catches up. While it has far fewer connections than the other, the other one keeps some: of n
 * endpoints it gets 2/n - 1/n² of the choices, as if the same endpoint could be drawn twice.
 * </ul>
 */
final class LeastConnections implements Picker {

    /** By how many connections two endpoints may differ in a balance that is as good as it gets. */
    private static final int NEAR = 4;

    private static final long FRACTION = (1L << Integer.SIZE) - 1;
    private static final double UNIT = 0x1.0p-32;

    private final long slowStart;
    private final Supplier<RandomGenerator> random;
    private final EvenSequence turns;

    /**
     * @param slowStart zero: of two endpoints the one with fewer connections always wins
     * @param random where the calling thread draws from
     */
    LeastConnections(Duration slowStart, Supplier<RandomGenerator> random) {
        this.slowStart = slowStart.toNanos();
        this.random = random;
        this.turns = new EvenSequence(random.get());
    }

    @Override
    public Member pick(Member[] members, long key, long now) {
        double full = members[0].share(now, slowStart);
        int established = withShare(full, members, now);
        if (established == members.length) {
            return ofTwo(members, established);
        }
        // Each has the same part of the range; what a new one leaves of its part goes to the established ones.
        long place = turns.next() * members.length;
        int drawn = (int) (place >>> Integer.SIZE);
        if (drawn >= established && (place & FRACTION) * UNIT * full < members[drawn].share(now, slowStart)) {
            return members[drawn];
        }
        return ofTwo(members, established);
    }

    /** How many have the oldest one's share: those at the beginning. */
    private int withShare(double full, Member[] members, long now) {
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

    /** One of the first {@code count} members. */
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
