// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.authz;

import dev.wsroute.proxy.routing.RequestFacts;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.Iterator;
import java.util.Map;

/**
 * What the service is asked about one request.
 *
 * @param headers all headers but Host
 * @param host the Host header; empty to use that of the endpoint
 * @param key equal for requests that differ only in the IDs of requests
 * @param client facts that choose an endpoint and count its failures
 */
record Subrequest(HttpHeaders headers, String host, Fingerprint key, RequestFacts client) {

    /**
     * Bytes of a head that most services accept. Above it some answer 5xx or break the connection, as a client may intend: the target
     * is repeated three times.
     */
    static final int ORDINARY_BYTES = 8192;

    /** Bytes of CGI variables that nearly all accept: uWSGI by default (its option buffer-size). It breaks off silently. */
    static final int SMALL_BYTES = 4096;

    /** More than the CGI variables that say nothing about a header take. */
    private static final int OTHER_VARIABLES = 512;

    /** Of the name of a header as a CGI variable (RFC 3875 §4.1.18). */
    private static final String CGI_PREFIX = "HTTP_";

    /** Size of an entry, two strings and their arrays. */
    private static final long OBJECTS_PER_HEADER = 160;

    private static final int FIXED = 2048;

    /** Whether it is so large that a failure of the service says nothing about the service. */
    boolean isOversized(String path) {
        return headBytes(path) > ORDINARY_BYTES;
    }

    /** Whether it is so small that a failure is hardly due to its size. */
    boolean isSmall(String path) {
        return headBytes(path) + CGI_PREFIX.length() * (headers.size() + 1) + OTHER_VARIABLES <= SMALL_BYTES;
    }

    private int headBytes(String path) {
        return "GET  HTTP/1.1\r\nHost: \r\n\r\n".length() + path.length() + host.length() + textBytes();
    }

    /** Of the lines of all headers. */
    private int textBytes() {
        int bytes = 0;
        Iterator<Map.Entry<CharSequence, CharSequence>> each = headers.iteratorCharSequence();
        while (each.hasNext()) {
            Map.Entry<CharSequence, CharSequence> header = each.next();
            bytes += header.getKey().length() + header.getValue().length() + ": \r\n".length();
        }
        return bytes;
    }

    /** Approximate heap usage in bytes, with the client's request. */
    long heapBytes() {
        long bytes = FIXED + OBJECTS_PER_HEADER * headers.size() + textBytes();
        // The client's own request is about as large.
        return 2 * bytes;
    }
}
