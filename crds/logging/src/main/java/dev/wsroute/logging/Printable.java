// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.logging;

/**
 * Makes untrusted text one line on every terminal: escapes control characters, Unicode line separators, characters that
 * change the text direction and unpaired surrogates.
 */
public final class Printable {

    private static final String CUT = "…";

    private Printable() {}

    /** @return {@code text} itself if nothing needs an escape */
    public static String of(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (!isPlain(text.charAt(i))) {
                return escape(text);
            }
        }
        return text;
    }

    /** @param max maximum length in characters before escaping; longer text is truncated and gets an ellipsis */
    public static String of(String text, int max) {
        return text.length() <= max ? of(text) : of(text.substring(0, max)) + CUT;
    }

    private static boolean isPlain(char c) {
        return c >= ' ' && c < 0x7f;
    }

    private static String escape(String text) {
        StringBuilder escaped = new StringBuilder(text.length() + 16);
        for (int i = 0; i < text.length(); ) {
            int c = text.codePointAt(i);
            i += Character.charCount(c);
            switch (c) {
                case '\n' -> escaped.append("\\n");
                case '\r' -> escaped.append("\\r");
                case '\t' -> escaped.append("\\t");
                default -> {
                    if (isSafe(c)) {
                        escaped.appendCodePoint(c);
                    } else {
                        escaped.append(String.format("\\u%04x", c));
                    }
                }
            }
        }
        return escaped.toString();
    }

    private static boolean isSafe(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE -> false;
            default -> true;
        };
    }
}
