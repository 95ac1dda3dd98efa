// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.http.request;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;

/**
 * Detects paths that a backend may normalise to another path (RFC 3986 §6.2.2, §7.3), while this proxy compares them as
 * received: dot segments, empty segments, backslashes, parameters, escapes of unreserved characters or delimiters, and
 * invalid UTF-8.
 */
public final class AmbiguousPath {

    private static final int ESCAPE_LENGTH = 3;

    /** Unreserved characters (RFC 3986 §2.3), which need no escape. */
    private static final String UNRESERVED_MARKS = "-._~";

    /** Characters that end or divide a path once decoded, and the percent sign, which may be decoded twice. */
    private static final String DIVIDERS = "/\\;?#%";

    private AmbiguousPath() {}

    /** @param path as received, one char per byte, without the query */
    public static boolean is(String path) {
        boolean escapes = false;
        int segment = 0;
        boolean onlyDots = true;
        for (int i = 0; i < path.length(); i++) {
            char c = path.charAt(i);
            switch (c) {
                case '\\', ';' -> {
                    return true;
                }
                case '/' -> {
                    if (i > 0 && (onlyDots || i == segment)) {
                        return true;
                    }
                    segment = i + 1;
                    onlyDots = true;
                }
                case '%' -> {
                    if (isOddEscape(path, i)) {
                        return true;
                    }
                    escapes = true;
                    onlyDots = false;
                }
                default -> {
                    escapes |= c >= 0x80;
                    onlyDots &= c == '.';
                }
            }
        }
        boolean endsInDots = onlyDots && segment < path.length();
        return endsInDots || (escapes && isOddText(path));
    }

    /** Whether an escape is malformed, or encodes an unreserved ASCII character or a delimiter. */
    private static boolean isOddEscape(String path, int at) {
        int value = octet(path, at);
        if (value < 0) {
            return true;
        }
        boolean alphanumeric =
                (value >= '0' && value <= '9') || (value >= 'A' && value <= 'Z') || (value >= 'a' && value <= 'z');
        return alphanumeric
                || value < ' '
                || value == 0x7f
                || (value < 0x80 && (UNRESERVED_MARKS.indexOf(value) >= 0 || DIVIDERS.indexOf(value) >= 0));
    }

    /**
     * Whether the decoded path is invalid UTF-8, or has control characters or compatibility forms of ASCII characters.
     */
    private static boolean isOddText(String path) {
        ByteBuffer bytes = ByteBuffer.allocate(path.length());
        for (int i = 0; i < path.length(); i++) {
            char c = path.charAt(i);
            if (c == '%') {
                bytes.put((byte) octet(path, i));
                i += ESCAPE_LENGTH - 1;
            } else {
                bytes.put((byte) c);
            }
        }
        bytes.flip();
        // Strict about overlong forms and surrogates (RFC 3629 §3).
        CharsetDecoder utf8 = StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        CharBuffer text = CharBuffer.allocate(bytes.remaining());
        CoderResult result = utf8.decode(bytes, text, true);
        if (result.isError()) {
            return true;
        }
        text.flip();
        return text.codePoints().anyMatch(c -> c >= 0x80 && (isInvisible(c) || isCompatibleWithAscii(c)));
    }

    /** Control and format characters, such as the soft hyphen, which some programs drop. */
    private static boolean isInvisible(int c) {
        int type = Character.getType(c);
        return type == Character.CONTROL || type == Character.FORMAT;
    }

    /**
     * Whether NFKC normalisation (Unicode Standard Annex 15) turns it into ASCII characters, like fullwidth letters,
     * circled letters or an ellipsis.
     */
    private static boolean isCompatibleWithAscii(int c) {
        return Normalizer.normalize(Character.toString(c), Normalizer.Form.NFKC)
                .chars()
                .anyMatch(ascii -> ascii < 0x80);
    }

    /** @return -1 if the escape at {@code at} is malformed */
    private static int octet(String path, int at) {
        if (at + ESCAPE_LENGTH > path.length()) {
            return -1;
        }
        int high = hex(path.charAt(at + 1));
        int low = hex(path.charAt(at + 2));
        return high < 0 || low < 0 ? -1 : high << 4 | low;
    }

    /** ASCII only, unlike {@link Character#digit}. */
    private static int hex(char c) {
        return c < 0x80 ? Character.digit(c, 16) : -1;
    }
}
