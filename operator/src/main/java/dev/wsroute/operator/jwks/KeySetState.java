// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.jwks;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a key set since this operator acts.
 *
 * @param document the last good set, as it is published; null if there is none
 * @param confirmed when the server last answered with it; null if there is none
 * @param failure why the last attempt failed; null if it did not
 * @param failures how many attempts failed since the last good answer
 */
public record KeySetState(
        @Nullable String document,
        @Nullable Instant confirmed,
        @Nullable String failure,
        int failures) {

    static final KeySetState NEW = new KeySetState(null, null, null, 0);

    /** A host that fails once now and then is no news. */
    static final int TOLERATED = 2;

    KeySetState good(String published, Instant now) {
        return new KeySetState(published, now, null, 0);
    }

    KeySetState failed(String why) {
        return new KeySetState(document, confirmed, why, failures + 1);
    }

    /** Why the set cannot be fetched, once that is worth saying; null if it can. */
    @Nullable String problem() {
        return document == null || failures > TOLERATED ? failure : null;
    }
}
