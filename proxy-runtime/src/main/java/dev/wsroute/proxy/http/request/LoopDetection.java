// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.http.request;

import dev.wsroute.proxy.http.headers.RequestId;
import dev.wsroute.proxy.metrics.RefusalReason;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.util.AsciiString;
import java.util.List;

/**
 * Detects request loops by CDN-Loop (RFC 8586): each process adds its own name, which is random. Proxies in between
 * must not change the header (§2), and no rule can. A client that sends such names only gets its own requests refused.
 *
 * <p>A loop over several proxies ends when one of them is reached again, or after {@value #MOST_PROXIES} proxies.
 */
public final class LoopDetection {

    private static final AsciiString HEADER = AsciiString.cached("CDN-Loop");
    private static final String PREFIX = "wsroute-";

    /** Maximum number of wsroute proxies in a chain, far more than anyone chains on purpose. */
    static final int MOST_PROXIES = 16;

    private static final HttpResponseStatus LOOP_DETECTED = new HttpResponseStatus(508, "Loop Detected");

    private final String name = PREFIX + RequestId.random();

    /**
     * @throws RequestRejectedException 508 (RFC 5842 §7.2) if the request has passed this process before or too many
     *     proxies
     */
    public void check(HttpHeaders received) throws RequestRejectedException {
        if (!received.contains(HEADER)) {
            return;
        }
        int proxies = 0;
        for (String value : received.getAll(HEADER)) {
            for (String member : value.split(",", -1)) {
                String passed = withoutParameters(member);
                if (passed.equalsIgnoreCase(name)) {
                    throw loop("Loop detected: the request has passed this proxy before.");
                }
                if (passed.regionMatches(true, 0, PREFIX, 0, PREFIX.length()) && ++proxies >= MOST_PROXIES) {
                    throw loop("Loop detected: the request has passed too many proxies.");
                }
            }
        }
    }

    /**
     * Adds this process's name. Call after the rule's header changes, which must not remove the names.
     *
     * @param received headers of the received request
     * @param forwarded headers for the backend
     */
    public void mark(HttpHeaders received, HttpHeaders forwarded) {
        List<String> before = received.getAll(HEADER);
        forwarded.set(HEADER, before.isEmpty() ? name : String.join(", ", before) + ", " + name);
    }

    private static String withoutParameters(String member) {
        int semicolon = member.indexOf(';');
        return (semicolon < 0 ? member : member.substring(0, semicolon)).trim();
    }

    private static RequestRejectedException loop(String sentence) {
        return new RequestRejectedException(Rejection.of(RefusalReason.LOOP, LOOP_DETECTED, sentence));
    }
}
