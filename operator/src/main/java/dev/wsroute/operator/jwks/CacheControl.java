// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.jwks;

import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What a server says about the age of its answer (RFC 9111). */
final class CacheControl {

    /** Ten years; larger numbers are as good. */
    private static final Duration MOST = Duration.ofDays(3650);

    private static final Pattern MAX_AGE = Pattern.compile("(?i)\\s*max-age\\s*=\\s*\"?([0-9]{1,18})\"?\\s*");
    private static final Pattern SECONDS = Pattern.compile("[0-9]{1,18}");

    private CacheControl() {}

    /**
     * How long an answer may be used that arrives now: {@code max-age} (§5.2.2.1) less {@code Age} (§5.1).
     *
     * @param age null if there is no such header
     * @return null if the server does not say
     */
    static @Nullable Duration maxAge(List<String> cacheControl, @Nullable String age) {
        Duration found = null;
        for (String value : cacheControl) {
            for (String directive : value.split(",", -1)) {
                Matcher match = MAX_AGE.matcher(directive);
                if (match.matches()) {
                    Duration seconds = seconds(match.group(1));
                    found = found == null || seconds.compareTo(found) < 0 ? seconds : found;
                }
            }
        }
        if (found == null || age == null || !SECONDS.matcher(age).matches()) {
            return found;
        }
        Duration left = found.minus(seconds(age));
        return left.isNegative() ? Duration.ZERO : left;
    }

    private static Duration seconds(String digits) {
        Duration parsed = Duration.ofSeconds(Long.parseLong(digits));
        return parsed.compareTo(MOST) < 0 ? parsed : MOST;
    }
}
