// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.scaling;

import java.time.Instant;

/**
 * A time in which fewer proxies would have been enough all along.
 *
 * @param since its beginning
 * @param most the largest number that was needed since
 */
public record LowLoad(Instant since, int most) {}
