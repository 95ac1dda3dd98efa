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

    /** Size of an entry, two strings and their arrays. */
    private static final int OBJECTS_PER_HEADER = 160;

    private static final int FIXED = 2048;

    /** Approximate heap usage in bytes, with the client's request. */
    long heapBytes() {
        long bytes = FIXED;
        Iterator<Map.Entry<CharSequence, CharSequence>> each = headers.iteratorCharSequence();
        while (each.hasNext()) {
            Map.Entry<CharSequence, CharSequence> header = each.next();
            bytes += OBJECTS_PER_HEADER
                    + header.getKey().length()
                    + header.getValue().length();
        }
        // The client's own request is about as large.
        return 2 * bytes;
    }
}
