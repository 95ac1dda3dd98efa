// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.routing;

import dev.wsroute.config.NameValue;
import dev.wsroute.proxy.metrics.RefusalReason;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.List;

/**
 * The proxy's own answer to a request that access rules do not let pass.
 *
 * @param reason reason for metrics
 * @param status HTTP status
 * @param sentence the body: a sentence that reveals no internals; empty for no body
 * @param detail for the access log only; never contains a credential
 * @param headers further headers of the response, possibly several of one name
 */
public record Denial(RefusalReason reason, int status, String sentence, String detail, List<NameValue> headers) {

    /** A check has failed. */
    public static final Denial UNDECIDED = of(
            RefusalReason.ACCESS_UNDECIDED,
            HttpResponseStatus.SERVICE_UNAVAILABLE.code(),
            "It cannot be decided now whether this request may pass.");

    /** Without further headers, and with the sentence as detail. */
    public static Denial of(RefusalReason reason, int status, String sentence) {
        return new Denial(reason, status, sentence, sentence, List.of());
    }
}
