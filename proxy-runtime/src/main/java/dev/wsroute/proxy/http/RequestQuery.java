package dev.wsroute.proxy.http;

import io.netty.handler.codec.http.QueryStringDecoder;
import org.jspecify.annotations.Nullable;

/** Looks parameters up in the query of a request target, without building a map of them. */
final class RequestQuery {

    private RequestQuery() {}

    /**
     * @param target as received
     * @return the decoded value of the first parameter of that name (as it is where it is not well encoded); null
     *     without one
     */
    static @Nullable String param(String target, String name) {
        int start = target.indexOf('?') + 1;
        while (start > 0 && start <= target.length()) {
            int ampersand = target.indexOf('&', start);
            int end = ampersand < 0 ? target.length() : ampersand;
            int equals = target.indexOf('=', start);
            int nameEnd = equals < 0 || equals > end ? end : equals;
            if (decoded(target.substring(start, nameEnd)).equals(name)) {
                return nameEnd == end ? "" : decoded(target.substring(nameEnd + 1, end));
            }
            start = ampersand < 0 ? 0 : ampersand + 1;
        }
        return null;
    }

    private static String decoded(String text) {
        try {
            return QueryStringDecoder.decodeComponent(text);
        } catch (IllegalArgumentException malformed) {
            return text;
        }
    }
}
