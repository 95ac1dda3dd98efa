// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.balance;

/**
 * Numbers of a backend's endpoints by state. Each endpoint counts once.
 *
 * @param ready accept new connections
 * @param notReady pod not ready
 * @param terminating pod terminating
 * @param ejected ejected for failures
 */
public record EndpointTally(int ready, int notReady, int terminating, int ejected) {

    static final EndpointTally NONE = new EndpointTally(0, 0, 0, 0);

    EndpointTally plus(EndpointTally other) {
        return new EndpointTally(
                ready + other.ready,
                notReady + other.notReady,
                terminating + other.terminating,
                ejected + other.ejected);
    }
}
