// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.wsroute.config.ClientAddressConfig;
import io.fabric8.generator.annotation.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How the proxy learns a client's address. */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record ClientAddress(
        @JsonPropertyDescription("Addresses of the load balancers in front of the proxy, whose forwarding headers"
                + " (X-Forwarded-* or Forwarded) and PROXY protocol are believed. Empty: nobody's are, and"
                + " the peer is the client.")
        @Size(max = 64) @Nullable List<String> trustedProxies,

        @JsonPropertyDescription("Whether trusted proxies speak the PROXY protocol, version 1 or 2. Accept: they may."
                + " Require: a connection of theirs without it is closed.")
        ClientAddressConfig.@Nullable ProxyProtocol proxyProtocol,

        @JsonPropertyDescription(
                "In which headers trusted proxies describe a client. XForwarded: in X-Forwarded-*, or in"
                        + " Forwarded (RFC 7239) where none of these came. Forwarded: in Forwarded alone; for proxies that pass on"
                        + " the X-Forwarded-* of their clients.")
        ClientAddressConfig.@Nullable ForwardingHeaders forwardingHeaders) {}
