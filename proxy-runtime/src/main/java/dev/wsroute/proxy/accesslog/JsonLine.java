// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.accesslog;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A JSON object (RFC 8259) on one line of printable ASCII. Its buffer is used for line after line, so that a line takes
 * no other memory. Not thread-safe.
 */
final class JsonLine {

    private static final byte[] HEX = "0123456789ABCDEF".getBytes(US_ASCII);

    /** Bytes of an escaped character, such as {@code \}{@code u001F}. */
    private static final int ESCAPED = 6;

    private static final int LONGEST_NUMBER = 20;

    private byte[] bytes = new byte[1024];
    private int length;
    /** Quoted names with comma and colon. Names are constants, so that there are few. */
    private final Map<String, byte[]> names = new HashMap<>();

    /** Drops what was there and begins an object. */
    void begin() {
        length = 0;
        reserve(1);
        add('{');
    }

    /**
     * Adds a field, unless there is no value.
     *
     * @param name a constant without characters that need an escape
     */
    void text(String name, @Nullable String value) {
        if (value != null && !value.isEmpty()) {
            name(name);
            quote(value);
        }
    }

    void number(String name, long value) {
        name(name);
        reserve(LONGEST_NUMBER);
        if (value < 0) {
            String digits = Long.toString(value);
            digits.chars().forEach(this::add);
            return;
        }
        int end = length + digits(value);
        long rest = value;
        for (int at = end - 1; at >= length; at--) {
            bytes[at] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        length = end;
    }

    private static int digits(long value) {
        int digits = 1;
        for (long rest = value / 10; rest > 0; rest /= 10) {
            digits++;
        }
        return digits;
    }

    /** Ends the object and the line, and writes both at once. */
    void end(OutputStream out) throws IOException {
        reserve(2);
        add('}');
        add('\n');
        out.write(bytes, 0, length);
    }

    private void name(String name) {
        byte[] quoted = names.get(name);
        if (quoted == null) {
            quoted = (",\"" + name + "\":").getBytes(US_ASCII);
            names.put(name, quoted);
        }
        // The first field follows the opening brace.
        int from = length > 1 ? 0 : 1;
        int more = quoted.length - from;
        reserve(more);
        System.arraycopy(quoted, from, bytes, length, more);
        length += more;
    }

    private void quote(String text) {
        reserve(2 + ESCAPED * text.length());
        add('"');
        int plain = plain(text);
        for (int i = plain; i < text.length(); i++) {
            char c = text.charAt(i);
            if (isPlain(c)) {
                add(c);
            } else {
                escape(c);
            }
        }
        add('"');
    }

    /** Adds the characters before the first that needs an escape. Returns their number. */
    private int plain(String text) {
        byte[] into = bytes;
        int at = length;
        int count = 0;
        for (; count < text.length(); count++) {
            char c = text.charAt(count);
            if (!isPlain(c)) {
                break;
            }
            into[at++] = (byte) c;
        }
        length = at;
        return count;
    }

    private static boolean isPlain(char c) {
        return c >= ' ' && c < 0x7f && c != '"' && c != '\\';
    }

    /** RFC 8259 §7. Half of a surrogate pair is a character of its own. */
    private void escape(char c) {
        add('\\');
        switch (c) {
            case '"', '\\' -> add(c);
            case '\b' -> add('b');
            case '\t' -> add('t');
            case '\n' -> add('n');
            case '\f' -> add('f');
            case '\r' -> add('r');
            default -> {
                add('u');
                for (int shift = 12; shift >= 0; shift -= 4) {
                    add(HEX[c >> shift & 0xf]);
                }
            }
        }
    }

    private void add(int ascii) {
        bytes[length++] = (byte) ascii;
    }

    private void reserve(int more) {
        if (length + more > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, length + more));
        }
    }
}
