package dev.wsroute.proxy.origin;

import dev.wsroute.config.ClientAddressConfig;
import dev.wsroute.config.ClientAddressConfig.ForwardingHeaders;
import dev.wsroute.config.ClientAddressConfig.ProxyProtocol;
import io.netty.handler.codec.http.HttpHeaders;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Objects;

/**
 * Whose word on a client's address is taken.
 *
 * @param proxies who is trusted
 * @param proxyProtocol whether they speak the PROXY protocol
 * @param forwardingHeaders which headers of theirs count
 */
public record ClientTrust(AddressSet proxies, ProxyProtocol proxyProtocol, ForwardingHeaders forwardingHeaders) {

    /** Nobody's: the peer is the client. */
    public static final ClientTrust NOBODY =
            new ClientTrust(AddressSet.EMPTY, ProxyProtocol.Disabled, ForwardingHeaders.XForwarded);

    /** What a document says. */
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
     * Where a request comes from, as its headers say when its peer is trusted.
     *
     * @param overTls whether the peer speaks TLS to us, or says that its client did
     */
    public Origin origin(InetSocketAddress peer, boolean overTls, HttpHeaders headers) {
        if (!isTrusted(peer.getAddress())) {
            return new Origin(peer, peer.getAddress(), overTls, false, false, Forwarding.NONE);
        }
        Forwarding told = ForwardingReader.read(headers, proxies, forwardingHeaders);
        InetAddress client = told.client();
        Boolean secure = told.secure();
        return new Origin(
                peer,
                client == null ? peer.getAddress() : client,
                secure == null ? overTls : secure,
                true,
                forwardingHeaders == ForwardingHeaders.XForwarded,
                told);
    }
}
