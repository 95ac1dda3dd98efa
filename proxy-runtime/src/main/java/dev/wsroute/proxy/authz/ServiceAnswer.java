// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.authz;

import dev.wsroute.config.NameValue;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** What came of asking the service about one request. */
sealed interface ServiceAnswer {

    /**
     * 2xx: the request passes.
     *
     * @param toBackend headers of the answer for the backend
     * @param subject who the client is; null if the answer does not say
     * @param cookies values of Set-Cookie, for the client
     * @param maxAge {@code max-age} of the answer in seconds; -1 for none
     * @param keepable false if the service asks not to keep it (RFC 9111 §5.2.2.4, §5.2.2.5)
     */
    record Allowed(
            List<NameValue> toBackend, @Nullable String subject, List<String> cookies, long maxAge, boolean keepable)
            implements ServiceAnswer {

        /** The value of a header for the backend; null for none. */
        @Nullable String valueOf(String header) {
            for (NameValue copied : toBackend) {
                if (copied.name().equals(header)) {
                    return copied.value();
                }
            }
            return null;
        }

        /** The same for another request that is equal: a cookie may begin a session, which two clients must not share. */
        Allowed withoutCookies() {
            return cookies.isEmpty() ? this : new Allowed(toBackend, subject, List.of(), maxAge, keepable);
        }

        /** The same after a while. */
        Allowed agedBy(long nanos) {
            return maxAge < 0
                    ? this
                    : new Allowed(
                            toBackend,
                            subject,
                            cookies,
                            Math.max(0, maxAge - TimeUnit.NANOSECONDS.toSeconds(nanos)),
                            keepable);
        }
    }

    /**
     * The request does not pass.
     *
     * @param status of the client's response: 401 or 403
     * @param headers of the client's response, several of one name possible
     */
    record Refused(int status, List<NameValue> headers) implements ServiceAnswer {}

    /** The service did not decide. */
    record Failed(ServiceFailure failure) implements ServiceAnswer {}

    /** The same for further requests that are equal. */
    default ServiceAnswer forOthers() {
        if (this instanceof Allowed allowed) {
            return allowed.withoutCookies();
        }
        if (this instanceof Refused refused) {
            return new Refused(
                    refused.status(),
                    refused.headers().stream()
                            .filter(header -> !AnswerReader.isCookie(header.name()))
                            .toList());
        }
        return this;
    }
}
