// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.clientaddress;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Iterates over the elements of Forwarded (RFC 7239 §4) from last to first. Parsing starts at the end, which the
 * nearest proxy wrote, so that an unclosed quote from a client cannot swallow a proxy's element.
 */
final class ForwardedElements {

    private final List<String> lines;
    private int line;
    /** End of the unread part of the line; negative when the line is consumed. */
    private int end = -1;

    /** @param lines values of all Forwarded headers, in order */
    ForwardedElements(List<String> lines) {
        this.lines = lines;
        this.line = lines.size();
    }

    /** The previous non-empty element; null if there are no more. */
    @Nullable String next() {
        while (end >= 0 || line > 0) {
            if (end < 0) {
                end = lines.get(--line).length();
            }
            String value = lines.get(line);
            int comma = commaBefore(value, end);
            String element = value.substring(comma + 1, end).trim();
            end = comma;
            if (!element.isEmpty()) {
                return element;
            }
        }
        return null;
    }

    /** Index of the last unquoted comma; -1 for none. */
    private static int commaBefore(String value, int end) {
        boolean quoted = false;
        for (int at = end - 1; at >= 0; at--) {
            char c = value.charAt(at);
            if (c == ',' && !quoted) {
                return at;
            }
            if (c == '"' && !(quoted && isEscaped(value, at))) {
                quoted = !quoted;
            }
        }
        return -1;
    }

    /** RFC 9110 §5.6.4: within quotes, an unescaped backslash escapes the next character. */
    private static boolean isEscaped(String value, int at) {
        int backslashes = 0;
        while (at - backslashes > 0 && value.charAt(at - backslashes - 1) == '\\') {
            backslashes++;
        }
        return backslashes % 2 == 1;
    }
}
