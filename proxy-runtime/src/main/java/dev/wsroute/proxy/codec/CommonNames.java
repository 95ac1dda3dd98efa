// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.codec;

import io.netty.util.AsciiString;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Names of header fields that most handshakes have, in their usual spelling. A head that uses them needs no objects for
 * them, and their hash codes are known.
 */
final class CommonNames {

    private static final int SIZE = 256;

    private static final @Nullable AsciiString[] NAMES = table(
            "Host",
            "Connection",
            "Upgrade",
            "Sec-WebSocket-Key",
            "Sec-WebSocket-Version",
            "Sec-WebSocket-Extensions",
            "Sec-WebSocket-Protocol",
            "Sec-WebSocket-Accept",
            "Origin",
            "Cookie",
            "User-Agent",
            "Accept",
            "Accept-Encoding",
            "Accept-Language",
            "Cache-Control",
            "Pragma",
            "Authorization",
            "Content-Type",
            "Content-Length",
            "Transfer-Encoding",
            "X-Forwarded-For",
            "X-Forwarded-Proto",
            "Date",
            "Server");

    private CommonNames() {}

    /** The name that these bytes are, or null: it may be another one, or another spelling. */
    static @Nullable AsciiString find(byte[] bytes, int start, int end) {
        AsciiString name = NAMES[slot(bytes, start, end)];
        return name != null && Arrays.equals(name.array(), 0, name.length(), bytes, start, end) ? name : null;
    }

    /** Differs for all of them, which {@link #table} checks. */
    private static int slot(byte[] bytes, int start, int end) {
        int length = end - start;
        return length + bytes[start] + bytes[end - 1] + 4 * bytes[start + length / 2] & SIZE - 1;
    }

    private static @Nullable AsciiString[] table(String... names) {
        @Nullable AsciiString[] table = new @Nullable AsciiString[SIZE];
        for (String text : names) {
            AsciiString name = AsciiString.cached(text);
            int slot = slot(name.array(), 0, name.length());
            if (table[slot] != null) {
                throw new IllegalStateException(text + " and " + table[slot] + " have the same slot");
            }
            // Computed once, and then known to every header map.
            var unused = name.hashCode();
            table[slot] = name;
        }
        return table;
    }
}
