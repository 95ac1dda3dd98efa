// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.codec;

/**
 * Maximum size of a message's head. The same limits apply separately to its trailers.
 *
 * @param maxBytes first line and line ends included
 * @param maxLines header lines, the first line not counted
 */
public record HeadLimits(int maxBytes, int maxLines) {}
