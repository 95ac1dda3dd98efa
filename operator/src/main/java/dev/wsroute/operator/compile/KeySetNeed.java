// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.compile;

import java.time.Duration;

/**
 * A key set that a route uses.
 *
 * @param key in the ConfigMap that the route's proxies read
 * @param place begins a sentence, such as {@code Rule main, provider login}
 * @param staleFor for how long the last good set counts if it cannot be fetched
 */
public record KeySetNeed(String key, String place, KeySetSource source, Duration staleFor) {}
