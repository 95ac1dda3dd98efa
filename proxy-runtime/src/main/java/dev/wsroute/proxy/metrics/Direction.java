// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.metrics;

/** The direction of bytes in a tunnel. */
public enum Direction {
    CLIENT_TO_BACKEND,
    BACKEND_TO_CLIENT
}
