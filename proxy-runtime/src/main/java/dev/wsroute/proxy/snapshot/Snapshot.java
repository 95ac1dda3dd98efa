package dev.wsroute.proxy.snapshot;

import dev.wsroute.config.AccessLogConfig;
import dev.wsroute.config.LimitsConfig;
import dev.wsroute.config.ProxyConfig;
import dev.wsroute.config.ProxyDrain;
import dev.wsroute.proxy.routing.RouteTable;
import dev.wsroute.proxy.routing.Router;

/**
 * What one configuration says about serving clients, as one immutable value. A connection uses the snapshot in force
 * when it is accepted, for the PROXY protocol and the identity of the peer. Each request uses the snapshot in force
 * when its head is complete, for trust, limits and routing alike. No request sees parts of two configurations.
 *
 * @param router finds the rule of a request
 * @param terms limits and trust
 * @param drain how the proxy shuts down; its {@code closeTimeout} is read when a tunnel opens
 * @param maxBufferedBytes for each direction of a tunnel; read when one opens
 * @param accessLog whether an entry is written, and how
 */
public record Snapshot(
        Router router, ProxyTerms terms, ProxyDrain drain, int maxBufferedBytes, AccessLogConfig accessLog) {

    /** Until there is a configuration: no route, so nothing is served. No connection is accepted under it. */
    public static final Snapshot EMPTY = new Snapshot(
            RouteTable.EMPTY,
            ProxyTerms.DEFAULT,
            ProxyDrain.DEFAULT,
            LimitsConfig.DEFAULT.maxBufferedBytesPerConnection(),
            AccessLogConfig.DEFAULT);

    /**
     * What a document says, its routes compiled to {@code router}.
     *
     * @param room for how many connections there is memory
     */
    public static Snapshot of(ProxyConfig config, Router router, int room) {
        return new Snapshot(
                router,
                ProxyTerms.of(config.limits(), config.clientAddress()).within(config.limits(), room),
                config.drain(),
                config.limits().maxBufferedBytesPerConnection(),
                config.accessLog());
    }

    /** The same with other terms. */
    public Snapshot withTerms(ProxyTerms other) {
        return new Snapshot(router, other, drain, maxBufferedBytes, accessLog);
    }
}
