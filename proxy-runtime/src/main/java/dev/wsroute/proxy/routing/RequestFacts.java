// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.routing;

import java.net.InetAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The properties of a request that routing and balancing use. Read only on its connection's event loop. */
public interface RequestFacts {

    /** The host of the Host header, lower case, without port; empty if there was none (HTTP/1.0). */
    String host();

    /** The path as received, without query, neither decoded nor normalised. */
    String path();

    /** All values of a header in order, as received. Names are case-insensitive. */
    List<String> headerValues(String name);

    /** The first value of a query parameter, percent-decoded; null for none. */
    @Nullable String queryParam(String name);

    /** The first value of a cookie (RFC 6265 §5.4), without quotes; null for none. */
    @Nullable String cookie(String name);

    /** The address of the client, as trusted proxies report it. */
    InetAddress clientAddress();

    /** Whether the client used TLS, to this proxy or to a trusted one in front. */
    boolean secure();

    /** Who sent the request, as its access checks found out, and who says so; equal for the same one only; null if unknown. */
    default @Nullable String subjectKey() {
        return null;
    }

    /** The first value of a header; null for none. */
    default @Nullable String header(String name) {
        List<String> values = headerValues(name);
        return values.isEmpty() ? null : values.get(0);
    }
}
