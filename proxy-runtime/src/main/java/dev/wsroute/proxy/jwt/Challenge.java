// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.jwt;

import dev.wsroute.config.NameValue;
import dev.wsroute.proxy.metrics.RefusalReason;
import dev.wsroute.proxy.routing.Denial;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.List;

/** What a client is told whose token is missing or not accepted (RFC 6750 §3). */
final class Challenge {

    private static final String HEADER = "WWW-Authenticate";
    private static final String REALM = "Bearer realm=\"wsroute\"";
    private static final String RETRY_SECONDS = "5";

    private Challenge() {}

    /** Without an error code: the client may not know that it needs a token. */
    static Denial missing() {
        return denial(
                RefusalReason.TOKEN_MISSING,
                HttpResponseStatus.UNAUTHORIZED,
                "An access token is required.",
                "The request has no token.",
                REALM);
    }

    static Denial of(TokenException e) {
        return switch (e.kind()) {
            case INVALID -> invalid("The access token is invalid.", e.sentence());
            case EXPIRED -> invalid("The access token has expired.", e.sentence());
            case NO_KEYS -> unverified(e.sentence());
        };
    }

    private static Denial invalid(String sentence, String detail) {
        return denial(
                RefusalReason.TOKEN_INVALID,
                HttpResponseStatus.UNAUTHORIZED,
                sentence,
                detail + ".",
                REALM + ", error=\"invalid_token\", error_description=\"" + sentence.substring(0, sentence.length() - 1)
                        + "\"");
    }

    /** @param claim its name, which the configuration has */
    static Denial insufficient(String claim) {
        return denial(
                RefusalReason.CLAIM_MISSING,
                HttpResponseStatus.FORBIDDEN,
                "The access token does not permit this.",
                "The token's claim " + claim + " is not what the rule asks for.",
                REALM + ", error=\"insufficient_scope\"");
    }

    /** The proxy cannot tell whether the token is good. */
    static Denial unverified(String detail) {
        return new Denial(
                RefusalReason.TOKEN_UNVERIFIED,
                HttpResponseStatus.SERVICE_UNAVAILABLE.code(),
                "Access tokens cannot be verified at the moment.",
                detail + ".",
                List.of(new NameValue("Retry-After", RETRY_SECONDS)));
    }

    private static Denial denial(
            RefusalReason reason, HttpResponseStatus status, String sentence, String detail, String challenge) {
        return new Denial(reason, status.code(), sentence, detail, List.of(new NameValue(HEADER, challenge)));
    }
}
