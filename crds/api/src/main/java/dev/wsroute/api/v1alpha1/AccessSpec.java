// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.wsroute.config.AccessConfig;
import io.fabric8.generator.annotation.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Who may connect. */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record AccessSpec(
        @JsonPropertyDescription(
                "What happens to requests that allowedOrigins or requireOrigin refuse. Enforce: they get 403. Report: they are "
                        + "served, counted and logged. Everything else in access is always enforced.")
        AccessConfig.@Nullable Mode mode,

        @JsonPropertyDescription(
                "Origins of the pages whose scripts may connect, against cross-site WebSocket hijacking: exact ones such as "
                        + "https://app.example.com, all subdomains such as https://*.example.com, same-origin for pages with the "
                        + "scheme, host and port of the request as the client sees them, and null for pages without an origin. "
                        + "Requests without WebSocket upgrade get CORS headers from the same list. Empty: all origins.")
        @Size(max = 64) @Nullable List<String> allowedOrigins,

        @JsonPropertyDescription(
                "Whether requests without an Origin header are refused. Browsers always send it with a WebSocket handshake, other "
                        + "clients usually do not.")
        @Nullable Boolean requireOrigin,

        @JsonPropertyDescription(
                "Addresses of clients that may connect, as spec.proxy.clientAddress establishes them. Absent: all.")
        @Nullable ClientAddressesSpec clientAddresses,

        @JsonPropertyDescription(
                "Tokens (JWT) that requests must carry. Without a valid one: 401; without a required claim: 403. Absent: none is "
                        + "needed.")
        @Nullable JwtSpec jwt,

        @JsonPropertyDescription("API keys that requests must carry, for machines. Absent: none is needed.") @Nullable ApiKeysSpec apiKeys,

        @JsonPropertyDescription(
                "Users and passwords that requests must carry (HTTP Basic), for machines. Absent: none is needed.")
        @Nullable BasicSpec basic,

        @JsonPropertyDescription(
                "A service that decides about each request, asked as nginx's auth_request or Traefik's ForwardAuth do, such as "
                        + "oauth2-proxy or Authelia. It is asked last, when everything else agrees. Absent: none.")
        @Nullable ExternalAuthorizationSpec external) {

    /** Addresses of clients. */
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    public record ClientAddressesSpec(
            @JsonPropertyDescription("IP addresses and CIDR ranges that may connect. Empty: all.")
            @Size(max = 256) @Nullable List<String> allow,

            @JsonPropertyDescription(
                    "IP addresses and CIDR ranges that may not connect, even if allow covers them. Empty: none.")
            @Size(max = 256) @Nullable List<String> deny) {}
}
