// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.wsroute.config.ClientAddressConfig;
import io.fabric8.generator.annotation.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How the proxy determines the address of a client. */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record ClientAddressSpec(
        @JsonPropertyDescription(
                "IP addresses or CIDR ranges of the load balancers in front of the proxy. Their forwarding "
                        + "headers (X-Forwarded-* or Forwarded) and PROXY protocol headers are trusted. Empty: none are "
                        + "trusted, and the client is whoever connects.")
        @Size(max = 64) @Nullable List<String> trustedProxies,

        @JsonPropertyDescription(
                "Whether trusted proxies use the PROXY protocol, version 1 or 2. Accept: they may. Require: "
                        + "their connections are closed if they do not.")
        ClientAddressConfig.@Nullable ProxyProtocol proxyProtocol,

        @JsonPropertyDescription(
                "Which headers of trusted proxies describe the client. XForwarded: X-Forwarded-*, or Forwarded "
                        + "(RFC 7239) if there is none of them. Forwarded: only Forwarded, for proxies that forward the "
                        + "X-Forwarded-* headers of their clients.")
        ClientAddressConfig.@Nullable ForwardingHeaders forwardingHeaders) {}
