// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.routing;

import org.jspecify.annotations.Nullable;

/**
 * What became of an access check.
 *
 * @param grant what the checks found out until they ended
 * @param denial why the request is not served; null if it is
 */
public record AccessVerdict(Grant grant, @Nullable Denial denial) {}
