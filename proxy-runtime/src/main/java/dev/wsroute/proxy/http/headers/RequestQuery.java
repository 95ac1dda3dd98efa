package dev.wsroute.proxy.http.headers;

import io.netty.handler.codec.http.QueryStringDecoder;
import org.jspecify.annotations.Nullable;

/** Looks parameters up in the query of a request target, without building a map of them, and in linear time. */
final class RequestQuery {

    private RequestQuery() {}

    /**
     * @param target as received
     * @return the decoded value of the first parameter of that name (as it is where it is not well encoded); null
     *     without one
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

    private static int nameEnd(String target, int start, int end) {
        int at = start;
        while (at < end && target.charAt(at) != '=') {
            at++;
        }
        return at;
    }

    /** Decodes only where there is something to decode. */
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
