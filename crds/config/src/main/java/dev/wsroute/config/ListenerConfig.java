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
 * @param tls certificates and settings of TLS; with protocol HTTPS only, which requires it
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ListenerConfig(
        @NotBlank @JsonProperty(required = true) String name,

        @JsonPropertyDescription("IP address to bind. Absent: the proxy's --bind-address.") @Nullable String address,

        @JsonPropertyDescription("TCP port; 0: any free port.")
        @Range(min = 0, max = 65_535)
        @JsonProperty(required = true)
        int port,

        Protocol protocol,
        @Nullable ListenerTls tls) {

    public ListenerConfig {
        protocol = Defaults.or(protocol, Protocol.HTTP);
    }

    /** A listener without TLS. */
    public static ListenerConfig http(String name, @Nullable String address, int port) {
        return new ListenerConfig(name, address, port, Protocol.HTTP, null);
    }

    /** The same listener on another port. */
    public ListenerConfig withPort(int other) {
        return new ListenerConfig(name, address, other, protocol, tls);
    }

    /** The same listener with other settings of TLS. */
    public ListenerConfig withTls(@Nullable ListenerTls other) {
        return new ListenerConfig(name, address, port, protocol, other);
    }

    @Rule(
            cel = "!has(self.protocol) || self.protocol != 'HTTPS' || has(self.tls)",
            message = "needs tls with protocol HTTPS")
    boolean hasTlsIfHttps() {
        return protocol != Protocol.HTTPS || tls != null;
    }

    @Rule(
            cel = "!has(self.tls) || (has(self.protocol) && self.protocol == 'HTTPS')",
            message = "must not have tls with protocol HTTP")
    boolean hasNoTlsIfHttp() {
        return protocol != Protocol.HTTP || tls == null;
    }

    /** Protocol of a listener. */
    public enum Protocol {
        /** HTTP/1.1 without TLS. */
        HTTP,
        /** HTTP/1.1 over TLS. */
        HTTPS
    }
}
