// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.config;

import java.time.Duration;

/**
 * Closes connections of those that have more than their fair share, so that their clients reconnect to others: endpoints if it
 * belongs to a rule, proxies if it belongs to the proxy.
 *
 * @param enabled whether connections are closed
 * @param thresholdPercent by how much one must exceed its fair share, in percent of it
 * @param percentPerMinute how many connections are closed at most, in percent of the connections of the rule or proxy, per minute
 * @param minAge younger connections stay, so that a client that has just reconnected is not asked again
 */
public record Rebalance(
        Boolean enabled,
        @Range(min = 5, max = 1000) Integer thresholdPercent,
        @Range(min = 1, max = 100) Integer percentPerMinute,
        @Span(max = "24h") Duration minAge) {

    public Rebalance {
        enabled = Defaults.or(enabled, false);
        thresholdPercent = Defaults.or(thresholdPercent, 25);
        percentPerMinute = Defaults.or(percentPerMinute, 2);
        minAge = Defaults.or(minAge, Duration.ofMinutes(5));
    }
}
