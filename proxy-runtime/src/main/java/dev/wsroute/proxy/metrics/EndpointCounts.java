// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.metrics;

/** Numbers of endpoints by state. Called on each scrape, from any thread. */
@FunctionalInterface
public interface EndpointCounts {

    /** Number of a backend's endpoints in a state. */
    int count(BackendName backend, EndpointPhase state);

    /** The state of an endpoint. Each endpoint is in exactly one. */
    enum EndpointPhase {
        /** Accepts new connections. */
        READY,
        /** Its pod is not ready. */
        NOT_READY,
        /** Its pod is terminating. */
        TERMINATING,
        /** Ejected for failures. */
        EJECTED
    }
}
