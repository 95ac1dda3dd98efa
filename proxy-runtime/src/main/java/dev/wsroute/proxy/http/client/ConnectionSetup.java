// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.http.client;

import dev.wsroute.config.ClientAddressConfig.ProxyProtocol;
import dev.wsroute.proxy.admission.ConnectionPermit;
import dev.wsroute.proxy.clientaddress.ClientTrust;
import dev.wsroute.proxy.clientaddress.ProxyHeader;
import dev.wsroute.proxy.clientaddress.ProxyProtocolDecoder;
import dev.wsroute.proxy.containment.Containment;
import dev.wsroute.proxy.metrics.RefusalReason;
import dev.wsroute.proxy.snapshot.ProxyTerms;
import dev.wsroute.proxy.snapshot.RequestLimits;
import dev.wsroute.proxy.tls.TlsListener;
import io.netty.channel.Channel;
import java.net.InetSocketAddress;
import java.util.function.Supplier;

/** The setup of an accepted connection: its PROXY protocol header and admission. */
public final class ConnectionSetup implements ProxyProtocolDecoder.ProxyHeaderListener {

    private final Channel channel;
    private final HttpSettings settings;
    private final ProxyTerms terms;
    private final ClientAdmission admission;
    private final Supplier<ListenerRole> role;

    private ConnectionSetup(
            Channel channel, HttpSettings settings, ConnectionPermit permit, Supplier<ListenerRole> role) {
        this.channel = channel;
        this.settings = settings;
        this.role = role;
        // The settings at the time of accepting apply to the whole connection.
        this.terms = settings.snapshot().get().terms();
        this.admission = new ClientAdmission(permit, (InetSocketAddress) channel.remoteAddress());
    }

    /**
     * Installs the pipeline of a new connection, or closes the connection.
     *
     * @param role what the current configuration says about the listener
     */
    public static void install(
            Channel channel, HttpSettings settings, ConnectionPermit permit, Supplier<ListenerRole> role) {
        new ConnectionSetup(channel, settings, permit, role).install();
    }

    private void install() {
        ClientTrust trust = terms.trust();
        boolean trusted = trust.isTrusted(admission.peer().getAddress());
        ProxyProtocol proxyProtocol = trust.proxyProtocol();
        if (proxyProtocol == ProxyProtocol.Require && !trusted) {
            // Only a client that bypasses the load balancer would connect directly.
            refuse(RefusalReason.PROXY_PROTOCOL);
        } else if (proxyProtocol != ProxyProtocol.Disabled && trusted) {
            channel.pipeline().addLast(new ProxyProtocolDecoder(proxyProtocol == ProxyProtocol.Require, this));
            serve(false);
        } else if (admission.open(trust)) {
            // Load balancers open connections in advance.
            serve(trusted);
        } else {
            refuse(RefusalReason.CLIENT_CONNECTIONS);
        }
    }

    /** @param ahead whether the client may have opened the connection in advance */
    private void serve(boolean ahead) {
        boolean early = ahead && !settings.finishing().getAsBoolean();
        RequestLimits limits = terms.limits();
        PersistentConnection connection = new PersistentConnection(channel, settings, limits, admission, role, early);
        TlsListener tls = role.get().tls();
        if (tls != null) {
            TlsArrival.install(channel, tls, settings, admission, connection, limits.handshakeTimeout(), early);
        }
        connection.install();
    }

    @Override
    public boolean header(ProxyHeader header) {
        InetSocketAddress source = header.source();
        if (source == null) {
            admission.proxiedForUnknown();
        } else {
            admission.proxiedFor(source, header.secure());
        }
        return opened();
    }

    @Override
    public boolean noHeader() {
        return opened();
    }

    @Override
    public void broken() {
        refuse(RefusalReason.PROXY_PROTOCOL);
    }

    private boolean opened() {
        if (admission.open(terms.trust())) {
            return true;
        }
        refuse(RefusalReason.CLIENT_CONNECTIONS);
        return false;
    }

    private void refuse(RefusalReason reason) {
        settings.metrics().refused(reason, 0, "");
        Containment.reset(channel);
    }
}
