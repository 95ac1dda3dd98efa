package dev.wsroute.proxy.balance;

import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Splits connections by weight, as evenly in the short run as in the long one. For any thread; takes no lock. */
final class Weights {

    /** 2^64 divided by the golden ratio: multiples of it fill the range most evenly, whatever the weights are. */
    private static final long GOLDEN = 0x9E3779B97F4A7C15L;

    private final AtomicLong turn = new AtomicLong(ThreadLocalRandom.current().nextLong());

    /**
     * @param members of each backend; null for one that cannot be had, whose share goes to the others
     * @return the place of the backend whose turn it is; -1 when there is none
     */
    int next(RuleBackend[] backends, @Nullable Member[][] members) {
        long total = 0;
        for (int i = 0; i < backends.length; i++) {
            if (members[i] != null) {
                total += backends[i].weight();
            }
        }
        if (total == 0) {
            return -1;
        }
        long spread = (turn.getAndIncrement() * GOLDEN) >>> 32;
        long place = (spread * total) >>> 32;
        int i = 0;
        while (members[i] == null || place >= backends[i].weight()) {
            place -= members[i] == null ? 0 : backends[i].weight();
            i++;
        }
        return i;
    }
}
