// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.jwt;

import dev.wsroute.config.ClaimRule;
import dev.wsroute.config.HttpNames;
import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Claims as text: for comparisons, and for headers. */
final class ClaimText {

    /** Characters. */
    private static final int LONGEST_HEADER = 4096;

    /** 2<sup>53</sup>: from here on, not every integer is a double. */
    private static final double EXACT = 0x1p53;

    private ClaimText() {}

    /** Whether a claim is what a rule asks for. */
    static boolean satisfies(ClaimRule rule, @Nullable Object claim) {
        if (rule.contains() != null) {
            return contains(claim, rule.contains());
        }
        String text = scalar(claim);
        return text != null && text.equals(rule.equals());
    }

    /** Text is a list with blanks between its items, as {@code scope} is (RFC 6749 §3.3). */
    private static boolean contains(@Nullable Object claim, String item) {
        List<?> items = claim instanceof String text ? List.of(text.split(" ", -1)) : List.of();
        if (claim instanceof List<?> list) {
            items = list;
        }
        for (Object each : items) {
            if (item.equals(scalar(each))) {
                return true;
            }
        }
        return false;
    }

    /** Null if it is neither text, a boolean nor a number that is known exactly. */
    private static @Nullable String scalar(@Nullable Object claim) {
        if (claim instanceof Double || claim instanceof Float) {
            return decimal(((Number) claim).doubleValue());
        }
        return claim instanceof String || claim instanceof Number || claim instanceof Boolean ? claim.toString() : null;
    }

    /** The library rounds integers of more than 64 bits to these: two users could become one. */
    private static @Nullable String decimal(double number) {
        return Math.abs(number) < EXACT ? BigDecimal.valueOf(number).toPlainString() : null;
    }

    /**
     * A claim as the value of a header: text, a number, a boolean, or a list of them with commas between.
     *
     * @return null if there is none, or it cannot be one: it is an object or a number of more than 64 bits, has a character other than printable ASCII, begins or
     *     ends with a blank, is too long, or is a list with a comma in an item
     */
    static @Nullable String header(@Nullable Object claim) {
        String text = claim instanceof List<?> list ? joined(list) : scalar(claim);
        return text != null && HttpNames.isValue(text, LONGEST_HEADER) ? text : null;
    }

    private static @Nullable String joined(List<?> items) {
        StringBuilder joined = new StringBuilder();
        for (Object item : items) {
            String text = scalar(item);
            if (text == null || text.isEmpty() || text.indexOf(',') >= 0) {
                // Whoever may choose an item must not be able to make it two.
                return null;
            }
            joined.append(joined.isEmpty() ? "" : ",").append(text);
        }
        return joined.toString();
    }
}
