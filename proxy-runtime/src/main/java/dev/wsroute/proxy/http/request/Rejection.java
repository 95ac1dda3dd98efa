package dev.wsroute.proxy.http.request;

import dev.wsroute.proxy.http.headers.FieldNames;
import dev.wsroute.proxy.metrics.RefusalReason;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.Map;

/**
 * A request that the proxy answers itself.
 *
 * @param reason under which it is counted
 * @param status HTTP status
 * @param sentence the body: one sentence that tells nothing of the inside
 * @param close the client's connection can't be used any further
 * @param headers what the answer has besides
 */
public record Rejection(
        RefusalReason reason,
        HttpResponseStatus status,
        String sentence,
        boolean close,
        Map<? extends CharSequence, String> headers) {

    /** Malformed: nothing that follows on the connection can be trusted. */
    public static Rejection malformed(String sentence) {
        return new Rejection(RefusalReason.MALFORMED, HttpResponseStatus.BAD_REQUEST, sentence, true, Map.of());
    }

    /** Well-formed, but not to be served. */
    public static Rejection of(RefusalReason reason, HttpResponseStatus status, String sentence) {
        return new Rejection(reason, status, sentence, false, Map.of());
    }

    /** Not to be served now, perhaps in a second (RFC 9110 §10.2.3). */
    public static Rejection comeAgain(RefusalReason reason, HttpResponseStatus status, String sentence) {
        return new Rejection(reason, status, sentence, false, Map.of(FieldNames.RETRY_AFTER, "1"));
    }

    /** The same, and the client's connection can't be used any further. */
    public Rejection andClose() {
        return new Rejection(reason, status, sentence, true, headers);
    }

    /** The request head did not come in time. */
    public static Rejection tooSlow() {
        return new Rejection(
                RefusalReason.TOO_SLOW,
                HttpResponseStatus.REQUEST_TIMEOUT,
                "The request took too long to arrive.",
                true,
                Map.of());
    }

    /** No endpoint takes connections now. */
    public static Rejection noEndpoint() {
        return comeAgain(RefusalReason.NO_ENDPOINT, HttpResponseStatus.SERVICE_UNAVAILABLE, "No backend is available.");
    }

    /** All endpoints that were tried refused the connection, or did not answer. */
    public static Rejection unreachable(boolean timedOut) {
        return timedOut
                ? of(
                        RefusalReason.UNREACHABLE,
                        HttpResponseStatus.GATEWAY_TIMEOUT,
                        "The backend took too long to connect to.")
                : of(RefusalReason.UNREACHABLE, HttpResponseStatus.BAD_GATEWAY, "The backend is unreachable.");
    }

    /** Connections to backends take descriptors that this process does not have. */
    public static Rejection outOfDescriptors() {
        return comeAgain(
                        RefusalReason.OUT_OF_DESCRIPTORS,
                        HttpResponseStatus.SERVICE_UNAVAILABLE,
                        "The proxy has no room for another connection.")
                .andClose();
    }

    /** The budget for slow readers or for records of requests is exhausted. */
    public static Rejection outOfMemory() {
        return comeAgain(RefusalReason.MEMORY, HttpResponseStatus.SERVICE_UNAVAILABLE, "The proxy is short of memory.")
                .andClose();
    }

    /** The proxy is about to go; the client finds another one when it comes again. */
    public static Rejection shuttingDown() {
        return new Rejection(
                RefusalReason.SHUTTING_DOWN,
                HttpResponseStatus.SERVICE_UNAVAILABLE,
                "The proxy is shutting down.",
                true,
                Map.of(FieldNames.RETRY_AFTER, "1"));
    }
}
