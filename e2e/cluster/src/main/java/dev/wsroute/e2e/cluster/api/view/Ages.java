// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.cluster.api.view;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.wsroute.e2e.cluster.api.store.Json;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;

/** Ages in one or two units, as kubectl shows them. */
final class Ages {

    private Ages() {}

    static String sinceCreation(ObjectNode object) {
        return since(Json.text(object, "metadata", "creationTimestamp"));
    }

    static String since(String time) {
        try {
            return shown(Duration.between(Instant.parse(time), Instant.now()));
        } catch (DateTimeException e) {
            return "<unknown>";
        }
    }

    static String shown(Duration age) {
        long seconds = Math.max(0, age.toSeconds());
        if (seconds < 120) {
            return seconds + "s";
        } else if (seconds < 600) {
            return pair(seconds / 60, "m", seconds % 60, "s");
        } else if (seconds < 3 * 3600) {
            return seconds / 60 + "m";
        } else if (seconds < 8 * 3600) {
            return pair(seconds / 3600, "h", seconds / 60 % 60, "m");
        } else if (seconds < 48 * 3600) {
            return seconds / 3600 + "h";
        }
        return seconds / 86_400 + "d";
    }

    private static String pair(long large, String largeUnit, long small, String smallUnit) {
        return small == 0 ? large + largeUnit : large + largeUnit + small + smallUnit;
    }
}
