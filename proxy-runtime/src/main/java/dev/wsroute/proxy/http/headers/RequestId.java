// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.http.headers;

import io.netty.handler.codec.http.HttpHeaders;
import java.util.concurrent.ThreadLocalRandom;

/** X-Request-Id identifies a request in the logs of all proxies and backends. */
public final class RequestId {

    static final String HEADER = "X-Request-Id";
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
        StringBuilder id = new StringBuilder(32);
        hex(id, random.nextLong());
        hex(id, random.nextLong());
        return id.toString();
    }

    private static void hex(StringBuilder to, long bits) {
        for (int shift = 60; shift >= 0; shift -= 4) {
            to.append(Character.forDigit((int) (bits >>> shift) & 0xf, 16));
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
