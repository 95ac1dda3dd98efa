package dev.wsroute.proxy.balance;

import dev.wsroute.proxy.discovery.Endpoint;
import dev.wsroute.proxy.session.Pin;
import dev.wsroute.proxy.session.PinSigner;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * An endpoint that may be chosen.
 *
 * @param state that it shares with its other memberships
 * @param hash of its key, the same on every proxy
 * @param newSince when it joined a pool that was known already, by {@link System#nanoTime}; null for an old one
 * @param session how cookies pin to it; null while there is no key
 */
record Member(
        Endpoint endpoint,
        EndpointState state,
        long hash,
        @Nullable Long newSince,
        @Nullable Session session) {

    /** Which part of its fair share an endpoint gets when it is new. */
    private static final double FIRST_SHARE = 0.1;

    /** A token, and who made it. */
    record Session(PinSigner signer, Pin.Token token) {}

    /**
     * Which part of its fair share of new connections is its due: grows from a tenth to the whole over the slow start.
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

    /** How long ago it joined, in nanoseconds; the longest where it is an old one. */
    long age(long now) {
        return newSince == null ? Long.MAX_VALUE : now - newSince;
    }

    /** How long its slow start goes on; zero when it is over, or never was. */
    Duration warmUp(long now, Duration slowStart) {
        Duration left = newSince == null ? Duration.ZERO : slowStart.minusNanos(now - newSince);
        return left.isNegative() ? Duration.ZERO : left;
    }

    int live() {
        return state.live();
    }
}
