// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.http.headers;

import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.AsciiString;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ThreadLocalRandom;

/** X-Request-Id identifies a request in the logs of all proxies and backends. */
public final class RequestId {

    static final AsciiString HEADER = AsciiString.cached("X-Request-Id");
    private static final byte[] DIGITS = "0123456789abcdef".getBytes(StandardCharsets.ISO_8859_1);
    /** In hexadecimal digits. */
    private static final int LENGTH = 32;

    private static final int MAX_LENGTH = 128;
    private static final String PUNCTUATION = "-._~+/=:@";

    private RequestId() {}

    /**
     * @param trusted whether the peer is trusted
     * @return the request's own, or a new one with 128 random bits
     */
    public static String of(HttpHeaders headers, boolean trusted) {
        if (trusted) {
            String given = HeaderRules.single(headers, HEADER);
            if (given != null && isSane(given)) {
                return given;
            }
        }
        return random();
    }

    /** A new ID. It identifies a request and need not be secret. */
    public static String random() {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        byte[] id = new byte[LENGTH];
        hex(id, 0, random.nextLong());
        hex(id, id.length / 2, random.nextLong());
        return new String(id, StandardCharsets.ISO_8859_1);
    }

    private static void hex(byte[] to, int start, long bits) {
        int at = start;
        for (int shift = Long.SIZE - 4; shift >= 0; shift -= 4) {
            to[at++] = DIGITS[(int) (bits >>> shift) & 0xf];
        }
    }

    private static boolean isSane(String id) {
        if (id.isEmpty() || id.length() > MAX_LENGTH) {
            return false;
        }
        for (int i = 0; i < id.length(); i++) {
            char c = id.charAt(i);
            boolean alphanumeric = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
            if (!alphanumeric && PUNCTUATION.indexOf(c) < 0) {
                return false;
            }
        }
        return true;
    }
}
