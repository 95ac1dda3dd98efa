// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.balance;

/**
 * A backend of a rule.
 *
 * @param weight its weight; with 0 it gets only connections that a cookie pins to it
 * @param picker chooses an endpoint unless a cookie does
 * @param hash hash of its name; the same on every proxy
 */
record RuleBackend(String name, int weight, EndpointPool pool, Picker picker, long hash) {

    RuleBackend(String name, int weight, EndpointPool pool, Picker picker) {
        this(name, weight, pool, picker, Hashing.of(name));
    }
}
