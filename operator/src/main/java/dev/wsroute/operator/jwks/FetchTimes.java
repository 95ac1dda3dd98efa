// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.jwks;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** When the published sets were last confirmed, as an annotation of their ConfigMap: {@code KEY=TIME}, separated by blanks. */
final class FetchTimes {

    private FetchTimes() {}

    /** Without what cannot be read: somebody else may have changed it. */
    static NavigableMap<String, Instant> parse(@Nullable String annotation) {
        NavigableMap<String, Instant> times = new TreeMap<>();
        for (String word : annotation == null ? new String[0] : annotation.split(" ", -1)) {
            int equals = word.indexOf('=');
            if (equals > 0) {
                try {
                    times.put(word.substring(0, equals), Instant.parse(word.substring(equals + 1)));
                } catch (DateTimeException e) {
                    times.remove(word.substring(0, equals));
                }
            }
        }
        return times;
    }

    static String text(NavigableMap<String, Instant> times) {
        return times.entrySet().stream()
                .map(time -> time.getKey() + "=" + time.getValue().truncatedTo(ChronoUnit.SECONDS))
                .collect(Collectors.joining(" "));
    }
}
