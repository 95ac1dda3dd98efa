// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.balance;

import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** Splits connections by weight, evenly even over short runs. Thread-safe and lock-free. */
final class WeightedChoice {

    private final EvenSequence sequence = new EvenSequence(ThreadLocalRandom.current());

    /**
     * @param members of each backend; null if none is eligible, then its share goes to the others
     * @return the index of the chosen backend; -1 if there is none
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
        long position = (sequence.next() * total) >>> Integer.SIZE;
        int i = 0;
        while (members[i] == null || position >= backends[i].weight()) {
            position -= members[i] == null ? 0 : backends[i].weight();
            i++;
        }
        return i;
    }
}
