// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.snapshot;

import dev.wsroute.config.AccessLogConfig;
import dev.wsroute.config.LimitsConfig;
import dev.wsroute.config.ProxyConfig;
import dev.wsroute.config.ProxyDrain;
import dev.wsroute.proxy.routing.RequestRouter;
import dev.wsroute.proxy.routing.RouteTable;
import java.util.Set;

/**
 * One configuration for serving clients, as an immutable value. A connection uses the snapshot at the time of accepting
 * for the PROXY protocol and the identity of the peer. Each request uses the snapshot at the time its head is complete
 * for trust, limits and routing. No request sees parts of two configurations.
 *
 * @param router finds the rule of a request
 * @param terms limits and trust
 * @param drain shutdown settings; {@code closeTimeout} is read when a tunnel opens
 * @param maxBufferedBytes per direction of a tunnel; read when a tunnel opens
 * @param accessLog whether and how the access log is written
 * @param secretParameters names of query parameters in which any rule expects a credential; never logged, whatever the request
 */
public record Snapshot(
        RequestRouter router,
        ProxyTerms terms,
        ProxyDrain drain,
        int maxBufferedBytes,
        AccessLogConfig accessLog,
        Set<String> secretParameters) {

    /** The snapshot before the first configuration, without routes. No connection is accepted with it. */
    public static final Snapshot EMPTY = new Snapshot(
            RouteTable.EMPTY,
            ProxyTerms.DEFAULT,
            ProxyDrain.DEFAULT,
            LimitsConfig.DEFAULT.maxBufferedBytesPerConnection(),
            AccessLogConfig.DEFAULT,
            Set.of());

    /**
     * The snapshot of a document, whose routes are compiled to {@code router}.
     *
     * @param room number of connections that fit in memory
     */
    public static Snapshot of(ProxyConfig config, RequestRouter router, int room) {
        return new Snapshot(
                router,
                ProxyTerms.of(config.limits(), config.clientAddress()).within(config.limits(), room),
                config.drain(),
                config.limits().maxBufferedBytesPerConnection(),
                config.accessLog(),
                SecretParameters.of(config));
    }

    /** A copy with other terms. */
    public Snapshot withTerms(ProxyTerms other) {
        return new Snapshot(router, other, drain, maxBufferedBytes, accessLog, secretParameters);
    }
}
