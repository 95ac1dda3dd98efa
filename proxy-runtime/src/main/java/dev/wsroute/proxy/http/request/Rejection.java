// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.http.request;

import dev.wsroute.config.NameValue;
import dev.wsroute.proxy.http.headers.FieldNames;
import dev.wsroute.proxy.metrics.RefusalReason;
import dev.wsroute.proxy.routing.Denial;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.List;

/**
 * A response of the proxy's own to a request that it refuses.
 *
 * @param reason reason for metrics
 * @param status HTTP status
 * @param sentence the body: a sentence that reveals no internals; empty for no body
 * @param close whether the client's connection must be closed
 * @param headers further headers of the response, possibly several of one name
 */
public record Rejection(
        RefusalReason reason, HttpResponseStatus status, String sentence, boolean close, List<NameValue> headers) {

    private static final List<NameValue> RETRY = List.of(new NameValue(FieldNames.RETRY_AFTER.toString(), "1"));

    /** Malformed: the rest of the connection cannot be trusted. */
    public static Rejection malformed(String sentence) {
        return new Rejection(RefusalReason.MALFORMED, HttpResponseStatus.BAD_REQUEST, sentence, true, List.of());
    }

    /** Well-formed but refused. */
    public static Rejection of(RefusalReason reason, HttpResponseStatus status, String sentence) {
        return new Rejection(reason, status, sentence, false, List.of());
    }

    /** Refused by access rules. */
    public static Rejection of(Denial denial) {
        return new Rejection(
                denial.reason(),
                HttpResponseStatus.valueOf(denial.status()),
                denial.sentence(),
                false,
                denial.headers());
    }

    /** Refused for now; retry after a second (RFC 9110 §10.2.3). */
    public static Rejection retryLater(RefusalReason reason, HttpResponseStatus status, String sentence) {
        return new Rejection(reason, status, sentence, false, RETRY);
    }

    /** The same, and whether the client's connection must be closed. */
    public Rejection andClose() {
        return new Rejection(reason, status, sentence, true, headers);
    }

    /** 400: the client speaks HTTP without TLS on a port that requires it. Closes the connection. */
    public static Rejection tlsRequired() {
        return new Rejection(
                RefusalReason.TLS_REQUIRED,
                HttpResponseStatus.BAD_REQUEST,
                "This port requires TLS; use https or wss.",
                true,
                List.of());
    }

    /** The request head did not arrive in time. */
    public static Rejection tooSlow() {
        return new Rejection(
                RefusalReason.TOO_SLOW,
                HttpResponseStatus.REQUEST_TIMEOUT,
                "The request took too long to arrive.",
                true,
                List.of());
    }

    /** No endpoint accepts connections now. */
    public static Rejection noEndpoint() {
        return retryLater(
                RefusalReason.NO_ENDPOINT, HttpResponseStatus.SERVICE_UNAVAILABLE, "No backend is available.");
    }

    /** All connection attempts failed. */
    public static Rejection unreachable(boolean timedOut) {
        return timedOut
                ? of(
                        RefusalReason.UNREACHABLE,
                        HttpResponseStatus.GATEWAY_TIMEOUT,
                        "Connecting to the backend timed out.")
                : of(RefusalReason.UNREACHABLE, HttpResponseStatus.BAD_GATEWAY, "The backend is unreachable.");
    }

    /** This process has run out of file descriptors. */
    public static Rejection outOfDescriptors() {
        return retryLater(
                        RefusalReason.OUT_OF_DESCRIPTORS,
                        HttpResponseStatus.SERVICE_UNAVAILABLE,
                        "The proxy cannot open another connection.")
                .andClose();
    }

    /** The memory budget for slow readers or for records of requests is exhausted. */
    public static Rejection outOfMemory() {
        return retryLater(RefusalReason.MEMORY, HttpResponseStatus.SERVICE_UNAVAILABLE, "The proxy is low on memory.")
                .andClose();
    }

    /** The proxy is shutting down. A retry reaches another one. */
    public static Rejection shuttingDown() {
        return new Rejection(
                RefusalReason.SHUTTING_DOWN,
                HttpResponseStatus.SERVICE_UNAVAILABLE,
                "The proxy is shutting down.",
                true,
                RETRY);
    }
}
