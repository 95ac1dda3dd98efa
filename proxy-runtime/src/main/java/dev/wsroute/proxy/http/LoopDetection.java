package dev.wsroute.proxy.http;

import dev.wsroute.proxy.metrics.RefusalReason;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.List;

/**
 * Finds requests that come back to the proxy that sent them, by CDN-Loop (RFC 8586): each process adds a name of its own,
 * which is drawn at random when it starts. Proxies in between leave the header as it is (§2), and no rule changes it. A
 * client that sends such names has its own request refused, and nobody else's.
 *
 * <p>A circle of several proxies ends where the first of them is met again, or after {@value #MOST_PROXIES} of them.
 */
public final class LoopDetection {

    private static final String HEADER = "CDN-Loop";
    private static final String PREFIX = "wsroute-";

    /** As many wsroute proxies a request may have passed: far more than anybody chains on purpose. */
    static final int MOST_PROXIES = 16;

    private static final HttpResponseStatus LOOP_DETECTED = new HttpResponseStatus(508, "Loop Detected");

    private final String name = PREFIX + RequestId.random();

    /** @throws RequestRejectedException 508 (RFC 5842 §7.2) for a request that was here before, or has passed too many */
    void check(HttpHeaders received) throws RequestRejectedException {
        if (!received.contains(HEADER)) {
            return;
        }
        int proxies = 0;
        for (String value : received.getAll(HEADER)) {
            for (String member : value.split(",", -1)) {
                String passed = withoutParameters(member);
                if (passed.equalsIgnoreCase(name)) {
                    throw loop("The request has come back to the proxy that sent it.");
                }
                if (passed.regionMatches(true, 0, PREFIX, 0, PREFIX.length()) && ++proxies >= MOST_PROXIES) {
                    throw loop("The request has passed too many proxies.");
                }
            }
        }
    }

    /**
     * Adds this process to those that the request has passed; after the changes of its rule, which must not remove them.
     *
     * @param received as the request came
     * @param forwarded what goes to the backend
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
