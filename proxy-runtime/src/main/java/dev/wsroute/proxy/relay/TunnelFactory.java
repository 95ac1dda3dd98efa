package dev.wsroute.proxy.relay;

import dev.wsroute.proxy.accesslog.AccessEntry;
import dev.wsroute.proxy.drain.ConnectionRegistry;
import dev.wsroute.proxy.frames.FrameRules;
import dev.wsroute.proxy.metrics.HandshakeTimes;
import dev.wsroute.proxy.metrics.ProxyMetrics;
import dev.wsroute.proxy.routing.ActiveRule;
import dev.wsroute.proxy.routing.EndpointLease;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Makes tunnels.
 *
 * @param connections where they are listed while they are open
 * @param terms what they live by
 */
public record TunnelFactory(ConnectionRegistry connections, ProxyMetrics metrics, TunnelTerms terms) {

    /**
     * @param lease the tunnel's from now on
     * @param extensions names of those negotiated
     * @param handshake how long it took
     * @param facts the access log's line of its opening, as of now
     * @param ended hears what went through, once both connections are closed
     * @return not yet open
     */
    public Tunnel create(
            Handover client,
            Handover backend,
            ActiveRule rule,
            EndpointLease lease,
            Set<String> extensions,
            HandshakeTimes handshake,
            Supplier<AccessEntry> facts,
            Consumer<AccessEntry.Tunnel> ended) {
        return new Tunnel(
                client,
                backend,
                rule,
                lease,
                legalRsv(extensions),
                terms,
                connections,
                metrics.tunnelOpened(rule.route(), lease.backend(), handshake),
                facts,
                ended);
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
