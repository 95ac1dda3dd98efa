// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.balance;

import org.jspecify.annotations.Nullable;

/**
 * A backend of a rule.
 *
 * @param weight its weight; with 0 it gets only connections that a cookie pins to it
 * @param picker chooses an endpoint unless a cookie does
 * @param zones prefers endpoints of this zone; null for no preference
 * @param hash hash of its name; the same on every proxy
 */
record RuleBackend(
        String name,
        int weight,
        EndpointPool pool,
        Picker picker,
        @Nullable ZonePreference zones,
        long hash) {

    RuleBackend(String name, int weight, EndpointPool pool, Picker picker, @Nullable ZonePreference zones) {
        this(name, weight, pool, picker, zones, Hashing.of(name));
    }

    /**
     * One of the members.
     *
     * @param members eligible members of the pool; at least one
     * @param again whether another endpoint has failed
     * @param key hash of the request, if the policy uses one
     */
    Member pick(Member[] members, boolean again, long key, long now) {
        return zones == null ? picker.pick(members, key, now) : zones.pick(pool, picker, members, again, key, now);
    }
}
