package dev.wsroute.proxy.snapshot;

import dev.wsroute.config.ClientAddressConfig;
import dev.wsroute.config.LimitsConfig;
import dev.wsroute.proxy.admission.Caps;
import dev.wsroute.proxy.origin.ClientTrust;

/**
 * On what terms clients are served. New terms hold for connections that are accepted, and for the next request of those
 * that are there; they close nothing.
 *
 * @param limits of requests
 * @param caps of clients, connections and handshakes
 * @param trust whose word on a client's address is taken
 */
public record ProxyTerms(ProxyLimits limits, Caps caps, ClientTrust trust) {

    /** Until there is a configuration. */
    public static final ProxyTerms DEFAULT = new ProxyTerms(ProxyLimits.DEFAULT, Caps.UNLIMITED, ClientTrust.NOBODY);

    /** What a document says. */
    public static ProxyTerms of(LimitsConfig limits, ClientAddressConfig clientAddress) {
        return new ProxyTerms(ProxyLimits.of(limits), Caps.of(limits), ClientTrust.of(clientAddress));
    }

    /** The same, with room for so many connections. */
    ProxyTerms within(LimitsConfig limits, int room) {
        return new ProxyTerms(this.limits, Caps.of(limits, room), trust);
    }

    /** The same with other limits of requests. */
    public ProxyTerms withLimits(ProxyLimits other) {
        return new ProxyTerms(other, caps, trust);
    }
}
