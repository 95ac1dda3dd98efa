// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.wire;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.NavigableSet;
import java.util.TreeSet;

/** Where the sent bytes are split into segments. */
enum Delivery {
    WHOLE {
        @Override
        List<NavigableSet<Integer>> cuts(NavigableSet<Integer> positions) {
            return List.of(new TreeSet<>());
        }
    },
    BYTE_BY_BYTE {
        @Override
        List<NavigableSet<Integer>> cuts(NavigableSet<Integer> positions) {
            return List.of(positions);
        }
    },
    CUT_IN_TWO_EVERYWHERE {
        @Override
        List<NavigableSet<Integer>> cuts(NavigableSet<Integer> positions) {
            List<NavigableSet<Integer>> all = new ArrayList<>();
            positions.forEach(position -> all.add(new TreeSet<>(List.of(position))));
            return all;
        }
    };

    /**
     * @param positions where a split may matter
     * @return where everything is split, for each time that it is sent
     */
    abstract List<NavigableSet<Integer>> cuts(NavigableSet<Integer> positions);

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
