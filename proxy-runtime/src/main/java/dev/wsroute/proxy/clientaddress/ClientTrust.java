// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.clientaddress;

import dev.wsroute.config.ClientAddressConfig;
import dev.wsroute.config.ClientAddressConfig.ForwardingHeaders;
import dev.wsroute.config.ClientAddressConfig.ProxyProtocol;
import io.netty.handler.codec.http.HttpHeaders;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Objects;

/**
 * Which peers are trusted to report the client's address.
 *
 * @param proxies addresses of trusted proxies
 * @param proxyProtocol whether they send PROXY protocol headers
 * @param forwardingHeaders which of their headers are read
 */
public record ClientTrust(AddressSet proxies, ProxyProtocol proxyProtocol, ForwardingHeaders forwardingHeaders) {

    /** No trusted proxy: the peer is the client. */
    public static final ClientTrust NOBODY =
            new ClientTrust(AddressSet.EMPTY, ProxyProtocol.Disabled, ForwardingHeaders.XForwarded);

    /** The settings of a document. */
    public static ClientTrust of(ClientAddressConfig config) {
        return new ClientTrust(
                AddressSet.of(config.trustedProxies()),
                config.proxyProtocol(),
                Objects.requireNonNullElse(config.forwardingHeaders(), ForwardingHeaders.XForwarded));
    }

    public boolean isTrusted(InetAddress peer) {
        return proxies.contains(peer);
    }

    /**
     * The client of a request. Uses its headers if the peer is trusted.
     *
     * @param overTls whether the connection uses TLS, or its PROXY header says that the client did
     */
    public ClientInfo clientInfo(InetSocketAddress peer, boolean overTls, HttpHeaders headers) {
        if (!isTrusted(peer.getAddress())) {
            return ClientInfo.of(peer, overTls);
        }
        Forwarding forwarding = ForwardingReader.read(headers, proxies, forwardingHeaders);
        InetAddress client = forwarding.client();
        Boolean secure = forwarding.secure();
        return new ClientInfo(
                peer,
                client == null ? peer.getAddress() : client,
                secure == null ? overTls : secure,
                true,
                forwardingHeaders == ForwardingHeaders.XForwarded,
                forwarding,
                null);
    }
}
