// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.http.headers;

import io.netty.handler.codec.http.QueryStringDecoder;
import org.jspecify.annotations.Nullable;

/** Finds parameters in the query of a request target, in linear time and without building a map. */
final class RequestQuery {

    private RequestQuery() {}

    /**
     * @param target as received
     * @return decoded value of the first parameter of that name, or the raw value if it is malformed; null for none
     */
    static @Nullable String param(String target, String name) {
        int start = target.indexOf('?') + 1;
        while (start > 0) {
            int ampersand = target.indexOf('&', start);
            int end = ampersand < 0 ? target.length() : ampersand;
            int nameEnd = nameEnd(target, start, end);
            if (isNamed(target, start, nameEnd, name)) {
                return nameEnd == end ? "" : decoded(target.substring(nameEnd + 1, end));
            }
            start = ampersand + 1;
        }
        return null;
    }

    /**
     * @param target as received
     * @return the target without all parameters of that name, also between {@code ;}, and without {@code ?} if none is left
     */
    static String without(String target, String name) {
        int question = target.indexOf('?');
        if (question < 0) {
            return target;
        }
        StringBuilder kept = new StringBuilder(target.length()).append(target, 0, question);
        boolean first = true;
        boolean removed = false;
        for (int start = question + 1; start <= target.length(); ) {
            int end = separator(target, start);
            if (isNamed(target, start, nameEnd(target, start, end), name)) {
                removed = true;
            } else {
                kept.append(first ? '?' : target.charAt(start - 1)).append(target, start, end);
                first = false;
            }
            start = end + 1;
        }
        return removed ? kept.toString() : target;
    }

    /** Some backends take {@code ;} for a separator, as HTML 4.01 recommended (B.2.2). */
    private static int separator(String target, int start) {
        int at = start;
        while (at < target.length() && target.charAt(at) != '&' && target.charAt(at) != ';') {
            at++;
        }
        return at;
    }

    private static int nameEnd(String target, int start, int end) {
        int at = start;
        while (at < end && target.charAt(at) != '=') {
            at++;
        }
        return at;
    }

    /** Decodes only if necessary. */
    private static boolean isNamed(String target, int start, int end, String name) {
        for (int i = start; i < end; i++) {
            if (target.charAt(i) == '%' || target.charAt(i) == '+') {
                return decoded(target.substring(start, end)).equals(name);
            }
        }
        return end - start == name.length() && target.startsWith(name, start);
    }

    private static String decoded(String text) {
        try {
            return QueryStringDecoder.decodeComponent(text);
        } catch (IllegalArgumentException malformed) {
            return text;
        }
    }
}
