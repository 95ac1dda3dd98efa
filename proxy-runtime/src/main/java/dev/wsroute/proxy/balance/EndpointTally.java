package dev.wsroute.proxy.balance;

/**
 * How many endpoints of a backend are in which state; each in one.
 *
 * @param ready take new connections
 * @param notReady their pods are not ready
 * @param terminating their pods are being deleted
 * @param ejected are left out for their failures
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
