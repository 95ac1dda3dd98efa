// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.config;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import org.jspecify.annotations.Nullable;

/**
 * A socket on which the proxy accepts connections.
 *
 * @param name unique in the document
 * @param address IP address to bind; absent: the runtime's {@code --bind-address}
 * @param port TCP port, 1 to 65535 (0, for tests: any free port)
 * @param protocol of the listener
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ListenerConfig(
        @JsonProperty(required = true) String name,

        @JsonPropertyDescription("IP address to bind. Absent: the proxy's --bind-address.") @Nullable String address,

        @JsonPropertyDescription("TCP port; 0: any free port.")
        @Range(min = 0, max = 65_535)
        @JsonProperty(required = true)
        int port,

        Protocol protocol) {

    public ListenerConfig {
        protocol = Defaults.or(protocol, Protocol.HTTP);
    }

    /** Protocol of a listener. */
    public enum Protocol {
        /** HTTP/1.1 without TLS. */
        HTTP
    }
}
