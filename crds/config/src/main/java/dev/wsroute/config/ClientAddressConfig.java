// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.config;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;

/**
 * How the proxy determines the address of a client.
 *
 * @param trustedProxies IP addresses and CIDR ranges of peers that are trusted to report the client's address
 * @param proxyProtocol whether those peers use the PROXY protocol; anything but Disabled requires {@code trustedProxies}
 * @param forwardingHeaders which headers of those peers are used
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

    /** Which headers of trusted peers describe the client. */
    public enum ForwardingHeaders {
        /** X-Forwarded-*, or Forwarded (RFC 7239) if there is none of them. */
        XForwarded,
        /** Only Forwarded. */
        Forwarded
    }

    /** Whether trusted peers use the PROXY protocol, version 1 or 2. */
    public enum ProxyProtocol {
        /** The PROXY protocol is not parsed. */
        Disabled,
        /** A connection of a trusted peer may start with it. */
        Accept,
        /** A connection of a trusted peer that does not start with it is closed. */
        Require
    }
}
