package dev.wsroute.proxy.balance;

import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** Splits connections by weight, as evenly in the short run as in the long one. For any thread; takes no lock. */
final class Weights {

    private final EvenSequence turns = new EvenSequence(ThreadLocalRandom.current());

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
        long place = (turns.next() * total) >>> Integer.SIZE;
        int i = 0;
        while (members[i] == null || place >= backends[i].weight()) {
            place -= members[i] == null ? 0 : backends[i].weight();
            i++;
        }
        return i;
    }
}
