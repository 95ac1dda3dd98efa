// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.http.headers;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Finds a cookie in the Cookie headers of a request (RFC 6265 §4.2, §5.4) in linear time. */
final class RequestCookies {

    private RequestCookies() {}

    /**
     * @param headers values of all Cookie headers
     * @return value of the first cookie of that name, without quotes; null for none
     */
    static @Nullable String value(List<String> headers, String name) {
        List<String> values = values(headers, name, false);
        return values.isEmpty() ? null : values.get(0);
    }

    /**
     * @param headers values of all Cookie headers
     * @return values of all cookies of that name, in order, without quotes; also one inside of
     *     another cookie, which a backend sees that ends a cookie at white space or a comma, as Python's http.cookies does
     */
    static List<String> values(List<String> headers, String name) {
        return values(headers, name, true);
    }

    private static List<String> values(List<String> headers, String name, boolean withHidden) {
        List<String> values = new ArrayList<>(1);
        for (String header : headers) {
            int start = 0;
            while (start < header.length()) {
                int semicolon = header.indexOf(';', start);
                int end = semicolon < 0 ? header.length() : semicolon;
                String cookie = header.substring(start, end);
                int equals = cookie.indexOf('=');
                if (equals >= 0 && cookie.substring(0, equals).trim().equals(name)) {
                    values.add(unquoted(cookie.substring(equals + 1).trim()));
                }
                int value = withHidden ? hidden(cookie, name) : -1;
                if (value >= 0) {
                    values.add(cookie.substring(value));
                }
                start = end + 1;
            }
        }
        return values;
    }

    /**
     * @param headers values of all Cookie headers
     * @return the same without all cookies of these names, and those inside of which {@link #values} finds one; empty values are left
     *     out
     */
    static List<String> without(List<String> headers, Collection<String> names) {
        List<String> kept = new ArrayList<>(headers.size());
        for (String header : headers) {
            StringBuilder cookies = new StringBuilder(header.length());
            for (String cookie : header.split(";", -1)) {
                int equals = cookie.indexOf('=');
                if (equals >= 0
                        && (names.contains(cookie.substring(0, equals).trim())
                                || names.stream().anyMatch(name -> hidden(cookie, name) >= 0))) {
                    continue;
                }
                if (!cookie.isBlank()) {
                    cookies.append(cookies.isEmpty() ? "" : "; ").append(cookie.trim());
                }
            }
            if (!cookies.isEmpty()) {
                kept.add(cookies.toString());
            }
        }
        return kept;
    }

    /**
     * Where the value of the first cookie of that name begins that is inside of another one's value.
     *
     * @return -1 for none
     */
    private static int hidden(String cookie, String name) {
        int at = cookie.indexOf(name, cookie.indexOf('=') + 1);
        while (at >= 0) {
            int end = at + name.length();
            while (end < cookie.length() && isBlank(cookie.charAt(end))) {
                end++;
            }
            char before = at == 0 ? ';' : cookie.charAt(at - 1);
            if ((isBlank(before) || before == ',') && end < cookie.length() && cookie.charAt(end) == '=') {
                return end + 1;
            }
            at = cookie.indexOf(name, at + 1);
        }
        return -1;
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t';
    }

    private static String unquoted(String value) {
        boolean quoted = value.length() >= 2 && value.startsWith("\"") && value.endsWith("\"");
        return quoted ? value.substring(1, value.length() - 1) : value;
    }
}
