package dev.wsroute.proxy.metrics;

/** Tells how many endpoints a backend has; asked from any thread whenever somebody looks. */
@FunctionalInterface
public interface EndpointCounts {

    /** Those of a backend that are in a state. */
    int count(BackendName backend, State state);

    /** How an endpoint stands: each is in exactly one. */
    enum State {
        /** Takes new connections. */
        READY,
        /** Its pod is not ready. */
        NOT_READY,
        /** Its pod is being deleted. */
        TERMINATING,
        /** Left out for its failures. */
        EJECTED
    }
}
