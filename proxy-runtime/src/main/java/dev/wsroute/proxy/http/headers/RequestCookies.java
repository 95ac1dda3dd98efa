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
        List<String> values = values(headers, name);
        return values.isEmpty() ? null : values.get(0);
    }

    /**
     * @param headers values of all Cookie headers
     * @return values of all cookies of that name, in order, without quotes
     */
    static List<String> values(List<String> headers, String name) {
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
                start = end + 1;
            }
        }
        return values;
    }

    /**
     * @param headers values of all Cookie headers
     * @return the same without all cookies of these names; empty values are left out
     */
    static List<String> without(List<String> headers, Collection<String> names) {
        List<String> kept = new ArrayList<>(headers.size());
        for (String header : headers) {
            StringBuilder cookies = new StringBuilder(header.length());
            for (String cookie : header.split(";", -1)) {
                int equals = cookie.indexOf('=');
                if (equals >= 0 && names.contains(cookie.substring(0, equals).trim())) {
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

    private static String unquoted(String value) {
        boolean quoted = value.length() >= 2 && value.startsWith("\"") && value.endsWith("\"");
        return quoted ? value.substring(1, value.length() - 1) : value;
    }
}
