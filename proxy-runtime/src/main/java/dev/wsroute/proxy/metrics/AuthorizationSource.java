// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.metrics;

import java.util.Locale;

/** Where an authorization service's answer about a request comes from. A metric label of bounded cardinality. */
public enum AuthorizationSource {
    /** A subrequest of its own. */
    SERVICE,
    /** The subrequest of an equal request. */
    SHARED,
    /** An earlier answer. */
    CACHE,
    /** A subrequest about an open WebSocket. */
    RECHECK,
    /** Nobody: the request was refused before the service was asked. */
    NONE;

    private final String label = name().toLowerCase(Locale.ROOT);

    /** The value of the metric label. */
    public String label() {
        return label;
    }
}
