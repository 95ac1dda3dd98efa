// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.testkit;

import dev.wsroute.proxy.routing.RequestFacts;
import java.net.InetAddress;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The facts of a request for routing tests. Header names are in lower case. */
public record Facts(
        String host,
        String path,
        Map<String, List<String>> headers,
        Map<String, String> query,
        Map<String, String> cookies,
        InetAddress clientAddress,
        boolean secure,
        @Nullable String subjectKey)
        implements RequestFacts {

    public Facts(String host, String path) {
        this(host, path, Map.of(), Map.of(), Map.of(), InetAddress.getLoopbackAddress(), false, null);
    }

    /** The same with these headers, one value each. */
    public Facts withHeaders(Map<String, String> values) {
        return new Facts(
                host,
                path,
                values.entrySet().stream()
                        .collect(Collectors.toMap(Map.Entry::getKey, entry -> List.of(entry.getValue()))),
                query,
                cookies,
                clientAddress,
                secure,
                subjectKey);
    }

    /** The same with these query parameters. */
    public Facts withQuery(Map<String, String> values) {
        return new Facts(host, path, headers, values, cookies, clientAddress, secure, subjectKey);
    }

    /** The same with these cookies. */
    public Facts withCookies(Map<String, String> values) {
        return new Facts(host, path, headers, query, values, clientAddress, secure, subjectKey);
    }

    /** The same from another client. */
    public Facts from(InetAddress client) {
        return new Facts(host, path, headers, query, cookies, client, secure, subjectKey);
    }

    /** The same over TLS. */
    public Facts overTls() {
        return new Facts(host, path, headers, query, cookies, clientAddress, true, subjectKey);
    }

    /** The same of this subject. */
    public Facts of(String name) {
        return new Facts(host, path, headers, query, cookies, clientAddress, secure, name);
    }

    @Override
    public List<String> headerValues(String name) {
        return headers.getOrDefault(name.toLowerCase(Locale.ROOT), List.of());
    }

    @Override
    public @Nullable String queryParam(String name) {
        return query.get(name);
    }

    @Override
    public @Nullable String cookie(String name) {
        return cookies.get(name);
    }
}
