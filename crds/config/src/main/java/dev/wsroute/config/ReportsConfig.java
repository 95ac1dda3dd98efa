// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.config;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import java.time.Duration;

/**
 * Reports that an autoscaler and the other proxies read. Their place, a ConfigMap, is a flag of the proxy.
 *
 * @param every the longest time between two reports; each has a {@link ProxyReport.Load}
 */
public record ReportsConfig(
        @JsonPropertyDescription("The longest time between two reports.") @Span(min = "1s", max = "1h")
        Duration every) {

    public ReportsConfig {
        every = Defaults.or(every, Duration.ofSeconds(10));
    }
}
