package dev.wsroute.config;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;

/**
 * How the proxy learns a client's address.
 *
 * @param trustedProxies IP addresses and CIDR ranges of peers whose word on the client's address is taken
 * @param proxyProtocol whether those peers speak the PROXY protocol; anything but Disabled needs {@code trustedProxies}
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record ClientAddressConfig(List<String> trustedProxies, ProxyProtocol proxyProtocol) {

    /** The peer is the client. */
    public static final ClientAddressConfig DEFAULT = new ClientAddressConfig(List.of(), ProxyProtocol.Disabled);

    public ClientAddressConfig {
        trustedProxies = Defaults.list(trustedProxies);
        proxyProtocol = Defaults.or(proxyProtocol, ProxyProtocol.Disabled);
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
