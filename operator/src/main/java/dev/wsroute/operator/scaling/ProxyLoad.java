// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.scaling;

import org.jspecify.annotations.Nullable;

/**
 * What is known of one proxy.
 *
 * @param pod its name
 * @param connections live WebSockets in its last report; 0 if it has not reported yet
 * @param waiting clients in its last report that it has no WebSocket for yet: upgrades in progress and refused ones
 * @param cpu that it used in the minute before its last report, in thousandths of a core; null if it has not said
 * @param freshness of that report
 */
public record ProxyLoad(
        String pod,
        long connections,
        long waiting,
        @Nullable Long cpu,
        Freshness freshness) {

    /** Whether a report describes the present. */
    public enum Freshness {
        /** The proxy has reported lately. */
        FRESH,
        /** This operator has not seen the proxy report twice yet, so the report may be old. */
        UNCONFIRMED,
        /** The proxy is silent. Its last report still counts. */
        STALE,
        /** The proxy is shutting down: its clients will need another one, and it is not expected to report. */
        LEAVING
    }
}
