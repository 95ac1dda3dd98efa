package dev.wsroute.proxy.balance;

/**
 * A backend of a rule.
 *
 * @param weight its share; 0 takes only those that a cookie pins to it
 * @param picker chooses where nothing in the request does
 * @param hash of its name, the same on every proxy
 */
record RuleBackend(String name, int weight, EndpointPool pool, Picker picker, long hash) {

    RuleBackend(String name, int weight, EndpointPool pool, Picker picker) {
        this(name, weight, pool, picker, Hashing.of(name));
    }
}
