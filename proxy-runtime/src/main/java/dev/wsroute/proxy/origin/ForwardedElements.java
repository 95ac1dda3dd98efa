package dev.wsroute.proxy.origin;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The elements of Forwarded (RFC 7239 §4) from the last to the first. It is cut from its end, where the nearest proxy has
 * written: a quote that a client leaves open cannot swallow what a proxy adds behind it.
 */
final class ForwardedElements {

    private final List<String> lines;
    private int line;
    /** Where in the line the part ends that is still to be cut; negative when the line is used up. */
    private int end = -1;

    /** @param lines of all Forwarded headers, in their order */
    ForwardedElements(List<String> lines) {
        this.lines = lines;
        this.line = lines.size();
    }

    /** The element before the one that was returned last, empty ones left out; null when there is none. */
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

    /** The last comma that is not quoted; -1 for none. */
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

    /** RFC 9110 §5.6.4: within quotes, a backslash that is not escaped itself escapes what follows it. */
    private static boolean isEscaped(String value, int at) {
        int backslashes = 0;
        while (at - backslashes > 0 && value.charAt(at - backslashes - 1) == '\\') {
            backslashes++;
        }
        return backslashes % 2 == 1;
    }
}
