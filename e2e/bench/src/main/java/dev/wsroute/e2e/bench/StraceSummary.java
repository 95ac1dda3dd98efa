// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.bench;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The table that {@code strace -c} prints (strace(1)). */
final class StraceSummary {

    private static final int CALLS_COLUMN = 3;
    private static final int LEAST_COLUMNS = 5;

    private StraceSummary() {}

    /** Number of calls by system call. */
    static Map<String, Long> calls(List<String> lines) {
        Map<String, Long> calls = new TreeMap<>();
        for (String line : lines) {
            List<String> columns = List.of(line.strip().split(" +"));
            String name = columns.get(columns.size() - 1);
            boolean counts = columns.size() >= LEAST_COLUMNS
                    && columns.get(CALLS_COLUMN).chars().allMatch(Character::isDigit);
            if (counts && !name.equals("total")) {
                calls.merge(name, Long.parseLong(columns.get(CALLS_COLUMN)), Long::sum);
            }
        }
        return calls;
    }
}
