// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.balance;

import dev.wsroute.proxy.discovery.Endpoint;
import dev.wsroute.proxy.session.Pin;
import dev.wsroute.proxy.session.PinSigner;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * An endpoint in a pool.
 *
 * @param state shared with its members in other pools
 * @param hash hash of its key; the same on every proxy
 * @param newSince when it was added to an existing pool, as {@link System#nanoTime}; null if it was in the first set
 * @param session its session token; null while there is no key
 * @param local whether it is for the proxies of this zone
 */
record Member(
        Endpoint endpoint,
        EndpointState state,
        long hash,
        @Nullable Long newSince,
        @Nullable Session session,
        boolean local) {

    /** The part of its fair share that a new endpoint gets. */
    private static final double FIRST_SHARE = 0.1;

    /** A token and its signer. */
    record Session(PinSigner signer, Pin.EndpointToken token) {}

    Member withSession(@Nullable Session other) {
        return new Member(endpoint, state, hash, newSince, other, local);
    }

    Member withLocal(boolean other) {
        return other == local ? this : new Member(endpoint, state, hash, newSince, session, other);
    }

    /**
     * The part of its fair share of new connections that it gets: grows from 0.1 to 1 over the slow start.
     *
     * @param slowStart nanoseconds; 0 for none
     */
    double share(long now, long slowStart) {
        if (newSince == null || slowStart <= 0) {
            return 1;
        }
        long age = now - newSince;
        return age >= slowStart ? 1 : FIRST_SHARE + (1 - FIRST_SHARE) * age / slowStart;
    }

    /** Nanoseconds since it was added; {@link Long#MAX_VALUE} if it was in the first set. */
    long age(long now) {
        return newSince == null ? Long.MAX_VALUE : now - newSince;
    }

    /** Remaining slow start; zero if it has none. */
    Duration warmUp(long now, Duration slowStart) {
        Duration left = newSince == null ? Duration.ZERO : slowStart.minusNanos(now - newSince);
        return left.isNegative() ? Duration.ZERO : left;
    }

    int live() {
        return state.live();
    }
}
