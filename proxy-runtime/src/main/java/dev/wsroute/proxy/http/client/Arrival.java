package dev.wsroute.proxy.http.client;

import dev.wsroute.config.ClientAddressConfig.ProxyProtocol;
import dev.wsroute.proxy.admission.ConnectionPermit;
import dev.wsroute.proxy.metrics.RefusalReason;
import dev.wsroute.proxy.origin.ClientTrust;
import dev.wsroute.proxy.origin.ProxyHeader;
import dev.wsroute.proxy.origin.ProxyProtocolDecoder;
import dev.wsroute.proxy.snapshot.ProxyTerms;
import io.netty.channel.Channel;
import java.net.InetSocketAddress;

/** The first moments of an accepted connection: who it is, and whether it is let in at all. */
public final class Arrival implements ProxyProtocolDecoder.Listener {

    private final Channel channel;
    private final HttpSettings settings;
    private final ProxyTerms terms;
    private final Entrance entrance;

    private Arrival(Channel channel, HttpSettings settings, ConnectionPermit permit) {
        this.channel = channel;
        this.settings = settings;
        // The terms in force when the connection was accepted apply throughout.
        this.terms = settings.snapshot().get().terms();
        this.entrance = new Entrance(permit, (InetSocketAddress) channel.remoteAddress());
    }

    /** Puts a new connection's pipeline in place, or closes it. */
    public static void install(Channel channel, HttpSettings settings, ConnectionPermit permit) {
        new Arrival(channel, settings, permit).install();
    }

    private void install() {
        ClientTrust trust = terms.trust();
        boolean trusted = trust.isTrusted(entrance.peer().getAddress());
        ProxyProtocol proxyProtocol = trust.proxyProtocol();
        if (proxyProtocol == ProxyProtocol.Require && !trusted) {
            // It could only be somebody who goes round the load balancer.
            turnAway(RefusalReason.PROXY_PROTOCOL);
        } else if (proxyProtocol != ProxyProtocol.Disabled && trusted) {
            channel.pipeline().addLast(new ProxyProtocolDecoder(proxyProtocol == ProxyProtocol.Require, this));
            PersistentConnection.install(channel, settings, terms.limits(), entrance, false);
        } else if (entrance.open(trust)) {
            // Load balancers open connections before they need them.
            PersistentConnection.install(channel, settings, terms.limits(), entrance, trusted);
        } else {
            turnAway(RefusalReason.CLIENT_CONNECTIONS);
        }
    }

    @Override
    public boolean header(ProxyHeader header) {
        InetSocketAddress source = header.source();
        if (source == null) {
            entrance.toldNothing();
        } else {
            entrance.told(source, header.secure());
        }
        return opened();
    }

    @Override
    public boolean noHeader() {
        return opened();
    }

    @Override
    public void broken() {
        turnAway(RefusalReason.PROXY_PROTOCOL);
    }

    private boolean opened() {
        if (entrance.open(terms.trust())) {
            return true;
        }
        turnAway(RefusalReason.CLIENT_CONNECTIONS);
        return false;
    }

    private void turnAway(RefusalReason reason) {
        settings.metrics().refused(reason, 0, "");
        LingeringClose.reset(channel);
    }
}
