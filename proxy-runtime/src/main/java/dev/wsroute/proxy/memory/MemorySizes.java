// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.memory;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The values of {@code --memory}. */
public final class MemorySizes {

    private static final Pattern SIZE = Pattern.compile("([a-z]+)=(\\d{1,12})(Ki|Mi|Gi)?");

    private MemorySizes() {}

    /**
     * @param value such as {@code buffers=96Mi}
     * @throws IllegalArgumentException with a sentence
     */
    public static MemoryPlan apply(MemoryPlan plan, String value) {
        Matcher matcher = SIZE.matcher(value);
        if (!matcher.matches()) {
            throw new IllegalArgumentException(
                    "must be of the form BUDGET=SIZE such as buffers=96Mi, got '" + value + "'");
        }
        String unit = matcher.group(3);
        int shift = unit == null ? 0 : unit.equals("Ki") ? 10 : unit.equals("Mi") ? 20 : 30;
        return plan.with(matcher.group(1), Long.parseLong(matcher.group(2)) << shift);
    }
}
