// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.scaling;

import org.jspecify.annotations.Nullable;

/**
 * The scaling of a route by the operator.
 *
 * @param desired number of proxies
 * @param decision the last one; null if there was none yet, such as for a route that is not accepted
 */
public record Scaling(int desired, @Nullable ScalingDecision decision) {}
