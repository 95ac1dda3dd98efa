// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.snapshot;

import dev.wsroute.config.ClientAddressConfig;
import dev.wsroute.config.LimitsConfig;
import dev.wsroute.proxy.admission.Caps;
import dev.wsroute.proxy.clientaddress.ClientTrust;

/**
 * Settings for serving clients. New settings apply to new connections and to the next request of open ones; they close
 * nothing.
 *
 * @param limits limits on requests
 * @param caps limits on clients, connections and handshakes
 * @param trust trusted proxies
 */
public record ProxyTerms(RequestLimits limits, Caps caps, ClientTrust trust) {

    /** The settings before the first configuration. */
    public static final ProxyTerms DEFAULT = new ProxyTerms(RequestLimits.DEFAULT, Caps.UNLIMITED, ClientTrust.NOBODY);

    /** The settings of a document. */
    public static ProxyTerms of(LimitsConfig limits, ClientAddressConfig clientAddress) {
        return new ProxyTerms(RequestLimits.of(limits), Caps.of(limits), ClientTrust.of(clientAddress));
    }

    /** The settings of a document, with a default connection limit. */
    ProxyTerms within(LimitsConfig limits, int room) {
        return new ProxyTerms(this.limits, Caps.of(limits, room), trust);
    }

    /** The same with other limits limits on requests. */
    public ProxyTerms withLimits(RequestLimits other) {
        return new ProxyTerms(other, caps, trust);
    }
}
