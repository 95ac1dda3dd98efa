// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.relay;

import dev.wsroute.proxy.accesslog.AccessEntry;
import dev.wsroute.proxy.drain.ConnectionRegistry;
import dev.wsroute.proxy.drain.ConnectionRights;
import dev.wsroute.proxy.frames.FrameRules;
import dev.wsroute.proxy.metrics.HandshakeTimes;
import dev.wsroute.proxy.metrics.ProxyMetrics;
import dev.wsroute.proxy.metrics.TunnelMeter;
import dev.wsroute.proxy.metrics.TunnelOutcome;
import dev.wsroute.proxy.routing.ActiveRule;
import dev.wsroute.proxy.routing.EndpointLease;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Creates tunnels.
 *
 * @param connections registry of open tunnels
 * @param terms settings of all tunnels
 */
public record TunnelFactory(ConnectionRegistry connections, ProxyMetrics metrics, TunnelTerms terms) {

    /**
     * @param lease owned by the tunnel from now on
     * @param extensions names of the negotiated extensions
     * @param rights on what the right to it rests
     * @param handshake duration of the handshake
     * @param facts the access log entry of its opening
     * @param ended receives the transferred amounts once both connections are closed
     * @return a tunnel that is not open yet. If this throws, connections and lease still belong to the caller.
     */
    public Tunnel create(
            Handover client,
            Handover backend,
            ActiveRule rule,
            EndpointLease lease,
            Set<String> extensions,
            ConnectionRights rights,
            HandshakeTimes handshake,
            Supplier<AccessEntry> facts,
            Consumer<AccessEntry.TunnelTotals> ended) {
        TunnelMeter meter = metrics.tunnelOpened(rule.route(), lease.backend(), handshake);
        try {
            return new Tunnel(
                    client,
                    backend,
                    rule,
                    lease,
                    legalRsv(extensions),
                    rights,
                    terms,
                    connections,
                    meter,
                    facts,
                    ended);
        } catch (Throwable e) {
            meter.ended(TunnelOutcome.RESET_AFTER_ERROR, -1, null);
            throw e;
        }
    }

    private static int legalRsv(Set<String> extensions) {
        int legal = 0;
        for (String extension : extensions) {
            boolean deflate = extension.equals("permessage-deflate") || extension.equals("x-webkit-deflate-frame");
            legal |= deflate ? FrameRules.RSV1 : FrameRules.ALL_RSV;
        }
        return legal;
    }
}
