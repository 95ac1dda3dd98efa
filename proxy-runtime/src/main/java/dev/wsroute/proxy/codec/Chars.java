// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.codec;

/** Classes of bytes in HTTP messages. */
final class Chars {

    static final byte CR = '\r';
    static final byte LF = '\n';

    private static final boolean[] TOKEN = new boolean[256];

    static {
        for (char c : "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ".toCharArray()) {
            TOKEN[c] = true;
        }
    }

    private Chars() {}

    /** RFC 9110 §5.6.2. */
    static boolean isToken(byte b) {
        return TOKEN[b & 0xff];
    }

    /** RFC 9110 §5.6.3. */
    static boolean isBlank(byte b) {
        return b == ' ' || b == '\t';
    }

    /** Allowed in a value or a reason phrase: visible characters, whitespace and obs-text (RFC 9110 §5.5). */
    static boolean isText(byte b) {
        return (b >= ' ' && b != 0x7f) || b == '\t' || b < 0;
    }

    /** Allowed in a request target without breaking the framing of the line. */
    static boolean isVisible(byte b) {
        return (b > ' ' && b != 0x7f) || b < 0;
    }
}
