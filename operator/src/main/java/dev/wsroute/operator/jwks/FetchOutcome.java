// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.jwks;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** How an attempt to fetch a key set ended. */
sealed interface FetchOutcome {

    /**
     * The server answered 200.
     *
     * @param body not checked yet
     * @param maxAge for how long it may be used, from now; null if the server does not say
     */
    record Answered(String body, @Nullable Duration maxAge) implements FetchOutcome {}

    /**
     * There is no answer, or none that is read.
     *
     * @param why completes a sentence that begins with the URI and a colon. The same for the same cause, and without anything that the
     *     server said: it goes into the status of routes
     */
    record Failed(Reason reason, String why) implements FetchOutcome {}

    /** Why there is no answer. */
    enum Reason {
        /** The operator does not connect to this host or port. */
        FORBIDDEN,
        /** The host has no address, or does not accept connections. */
        UNREACHABLE,
        /** Its certificate is not trusted, or it does not speak TLS. */
        TLS,
        /** It took too long. */
        TIMEOUT,
        /** It answered, but not with a key set. */
        ANSWER
    }
}
