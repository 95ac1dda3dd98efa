package dev.wsroute.proxy.routing;

import java.net.InetAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What routing and balancing may know of a request. Read on its connection's event loop only. */
public interface RequestFacts {

    /** Of the Host header, lower case, without port; empty when there was none (HTTP/1.0). */
    String host();

    /** As received, without its query: neither decoded nor normalised. */
    String path();

    /** All values of a header in their order, as received; names are compared without regard to case. */
    List<String> headerValues(String name);

    /** The first value of a query parameter, percent-decoded; null without one. */
    @Nullable String queryParam(String name);

    /** The first value of a cookie (RFC 6265 §5.4), without quotes; null without one. */
    @Nullable String cookie(String name);

    /** Who sent the request, as far as trusted proxies in front say. */
    InetAddress clientAddress();

    /** Whether the client spoke TLS, to this proxy or to a trusted one in front. */
    boolean secure();

    /** The first value of a header; null without one. */
    default @Nullable String header(String name) {
        List<String> values = headerValues(name);
        return values.isEmpty() ? null : values.get(0);
    }
}
