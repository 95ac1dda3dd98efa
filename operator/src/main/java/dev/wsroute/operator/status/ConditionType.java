package dev.wsroute.operator.status;

/** The conditions of a route, in the order in which they are listed. */
public enum ConditionType {
    /** The spec is valid. */
    Accepted,
    /** Every backend exists. */
    ResolvedRefs,
    /** Every ready proxy runs the current configuration, and there is at least one. */
    Programmed,
    /** Each rule has an endpoint that takes connections. */
    BackendsAvailable,
    /** Accepted, ResolvedRefs and Programmed, with the proxies rolled out; it does not wait for backends. */
    Ready,
    /** Only an edit can mend it; listed only while that is so. */
    Stalled
}
