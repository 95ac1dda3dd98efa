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
     * Bytes of a head that nearly all services accept. Above it some answer 5xx or break the connection, as a client may intend: the
     * target is repeated three times.
     */
    static final int ORDINARY_BYTES = 8192;

    /** Size of an entry, two strings and their arrays. */
    private static final long OBJECTS_PER_HEADER = 160;

    private static final int FIXED = 2048;

    /** Whether a failure of the service may be due to its size. */
    boolean isOversized() {
        return textBytes() > ORDINARY_BYTES;
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
