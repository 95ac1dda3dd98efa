// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.fuzz;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Ways to split an input. The result must not depend on them. */
public final class Chunks {

    private Chunks() {}

    /** The whole, single bytes, and pieces of random lengths, which are always the same for one input. */
    public static List<List<byte[]>> of(byte[] data) {
        Random random = new Random(Arrays.hashCode(data));
        return List.of(List.of(data), cut(data, random, 1), cut(data, random, 9), cut(data, random, 200));
    }

    private static List<byte[]> cut(byte[] data, Random random, int longest) {
        List<byte[]> pieces = new ArrayList<>();
        for (int from = 0; from < data.length; ) {
            int to = Math.min(data.length, from + 1 + random.nextInt(longest));
            pieces.add(Arrays.copyOfRange(data, from, to));
            from = to;
        }
        return pieces;
    }
}
