// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.migrate;

import java.util.function.IntConsumer;

/** Annotations about timeouts, retries and limits. Their numbers are seconds or counts. */
final class TimeoutAnnotations {

    /** Above this the proxy's bounds end: 168h. */
    private static final int LONGEST_SECONDS = 604_800;

    private TimeoutAnnotations() {}

    static void connect(String name, Annotations annotations, Settings settings) {
        number(
                name,
                annotations,
                settings,
                seconds -> settings.rule().withObject("/timeouts").put("connect", seconds(seconds)));
    }

    static void read(String name, Annotations annotations, Settings settings) {
        number(name, annotations, settings, seconds -> {
            settings.rule().withObject("/plainHTTP").put("responseTimeout", seconds(seconds));
            settings.notes()
                    .add(name + ": became plainHTTP.responseTimeout; idle WebSockets stay open, unless you set"
                            + " timeouts.idle.");
        });
    }

    static void retry(String name, Annotations annotations, Settings settings) {
        if (annotations.is(name, "off")) {
            settings.rule().withObject("/connections").put("connectRetries", 0);
        } else {
            settings.notes().add(name + ": another endpoint is tried only if connecting to the first one failed.");
        }
    }

    static void tries(String name, Annotations annotations, Settings settings) {
        if (annotations.is("proxy-next-upstream", "off")) {
            return;
        }
        // For nginx, 0 means no limit and 1 that the first one is the last.
        number(name, annotations, settings, tries -> {
            if (tries > 0) {
                settings.rule().withObject("/connections").put("connectRetries", Math.min(tries - 1, 100));
            }
        });
    }

    static void connections(String name, Annotations annotations, Settings settings) {
        number(name, annotations, settings, count -> {
            if (count > 0) {
                settings.proxy().withObject("/limits").put("connectionsPerClient", Math.min(count, 10_000_000));
            }
        });
    }

    private static void number(String name, Annotations annotations, Settings settings, IntConsumer then) {
        annotations
                .number(name)
                .ifPresentOrElse(
                        then,
                        () -> settings.notes().add(name + ": is not a whole number (" + annotations.text(name) + ")."));
    }

    /** In the largest units, since a number in a duration has five digits at most. */
    static String seconds(int seconds) {
        return duration(Math.min(seconds, LONGEST_SECONDS));
    }

    /** At least a second: bounds exclude 0. */
    static String duration(int seconds) {
        int hours = seconds / 3600;
        int minutes = seconds / 60 % 60;
        int rest = seconds % 60;
        String text =
                (hours > 0 ? hours + "h" : "") + (minutes > 0 ? minutes + "m" : "") + (rest > 0 ? rest + "s" : "");
        return text.isEmpty() ? "1s" : text;
    }
}
