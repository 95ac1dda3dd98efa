// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.metrics;

import java.util.Locale;

/** What an authorization service decided about a request. A metric label of bounded cardinality. */
public enum AuthorizationOutcome {
    /** It passes. */
    ALLOWED,
    /** It does not pass. */
    REFUSED,
    /** The service did not decide, and the request does not pass. About an open WebSocket: it stays. */
    UNAVAILABLE,
    /** The service did not decide, and the request passes because the rule says so. */
    FAILED_OPEN;

    private final String label = name().toLowerCase(Locale.ROOT);

    /** The value of the metric label. */
    public String label() {
        return label;
    }
}
