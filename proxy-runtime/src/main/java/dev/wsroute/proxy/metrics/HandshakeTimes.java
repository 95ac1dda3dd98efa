// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.metrics;

/**
 * Durations of the phases of a handshake, in nanoseconds.
 *
 * @param connect from the request head to the connected backend: routing, balancing, retries
 * @param upgrade from there to the backend's 101
 */
public record HandshakeTimes(long connect, long upgrade) {

    /** From the request head to the 101. */
    public long total() {
        return connect + upgrade;
    }
}
