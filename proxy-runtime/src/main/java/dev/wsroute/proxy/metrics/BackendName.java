// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.metrics;

/**
 * The labels of data plane metrics.
 *
 * @param route {@code namespace/name}
 * @param backend such as {@code service/chat:ws}
 */
public record BackendName(String route, String backend) {}
