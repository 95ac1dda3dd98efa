// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.status;

import dev.wsroute.logging.Printable;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Makes a foreign message part of a sentence: one line, bounded, without a final full stop. */
public final class OneLine {

    /** In characters. Registries and admission webhooks can send any amount. */
    private static final int MAX = 1024;

    private static final Pattern SPACE = Pattern.compile("[\\s\\p{Cntrl}]+");

    private static final Pattern END = Pattern.compile("[. ]+$");

    private OneLine() {}

    /** Empty for null. */
    public static String of(@Nullable String text) {
        if (text == null) {
            return "";
        }
        String bounded = text.substring(0, Math.min(text.length(), 2 * MAX));
        String line = SPACE.matcher(bounded).replaceAll(" ").strip();
        return Printable.of(END.matcher(line).replaceFirst(""), MAX);
    }
}
