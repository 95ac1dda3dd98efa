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
import io.netty.channel.Channel;
import java.net.InetSocketAddress;

/** The setup of an accepted connection: its PROXY protocol header and admission. */
public final class ConnectionSetup implements ProxyProtocolDecoder.ProxyHeaderListener {

    private final Channel channel;
    private final HttpSettings settings;
    private final ProxyTerms terms;
    private final ClientAdmission admission;

    private ConnectionSetup(Channel channel, HttpSettings settings, ConnectionPermit permit) {
        this.channel = channel;
        this.settings = settings;
        // The settings at the time of accepting apply to the whole connection.
        this.terms = settings.snapshot().get().terms();
        this.admission = new ClientAdmission(permit, (InetSocketAddress) channel.remoteAddress());
    }

    /** Installs the pipeline of a new connection, or closes the connection. */
    public static void install(Channel channel, HttpSettings settings, ConnectionPermit permit) {
        new ConnectionSetup(channel, settings, permit).install();
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
            PersistentConnection.install(channel, settings, terms.limits(), admission, false);
        } else if (admission.open(trust)) {
            // Load balancers open connections in advance.
            PersistentConnection.install(channel, settings, terms.limits(), admission, trusted);
        } else {
            refuse(RefusalReason.CLIENT_CONNECTIONS);
        }
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
