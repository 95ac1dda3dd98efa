// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.config;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;

/**
 * How the proxy learns a client's address.
 *
 * @param trustedProxies IP addresses and CIDR ranges of peers whose word on the client's address is taken
 * @param proxyProtocol whether those peers speak the PROXY protocol; anything but Disabled needs {@code trustedProxies}
 * @param forwardingHeaders which headers of those peers count
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record ClientAddressConfig(
        @Text(max = 64, form = TextForm.ADDRESS_OR_RANGE) List<String> trustedProxies,
        ProxyProtocol proxyProtocol,
        ForwardingHeaders forwardingHeaders) {

    /** The peer is the client. */
    public static final ClientAddressConfig DEFAULT = new ClientAddressConfig(List.of(), ProxyProtocol.Disabled);

    public ClientAddressConfig {
        trustedProxies = Defaults.list(trustedProxies);
        proxyProtocol = Defaults.or(proxyProtocol, ProxyProtocol.Disabled);
        forwardingHeaders = Defaults.or(forwardingHeaders, ForwardingHeaders.XForwarded);
    }

    /** With X-Forwarded-* before Forwarded. */
    public ClientAddressConfig(List<String> trustedProxies, ProxyProtocol proxyProtocol) {
        this(trustedProxies, proxyProtocol, ForwardingHeaders.XForwarded);
    }

    @Rule(
            cel = "!has(self.proxyProtocol) || self.proxyProtocol == 'Disabled'"
                    + " || (has(self.trustedProxies) && self.trustedProxies.size() > 0)",
            message =
                    "needs trustedProxies when proxyProtocol is Accept or Require: the header is accepted from them only")
    boolean hasSenderOfProxyProtocol() {
        return proxyProtocol == ProxyProtocol.Disabled || !trustedProxies.isEmpty();
    }

    /** In which headers trusted peers describe a client. */
    public enum ForwardingHeaders {
        /** X-Forwarded-*; Forwarded (RFC 7239) where none of these came. */
        XForwarded,
        /** Forwarded alone. */
        Forwarded
    }

    /** Whether trusted peers speak the PROXY protocol, version 1 or 2. */
    public enum ProxyProtocol {
        /** It is not understood. */
        Disabled,
        /** A connection of a trusted peer may begin with it. */
        Accept,
        /** A connection of a trusted peer that does not begin with it is closed. */
        Require
    }
}
