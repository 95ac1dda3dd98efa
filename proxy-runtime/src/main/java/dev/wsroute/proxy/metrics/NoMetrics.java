// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.metrics;

import dev.wsroute.proxy.discovery.EndpointKey;
import org.jspecify.annotations.Nullable;

/** See {@link ProxyMetrics#NONE}. */
final class NoMetrics implements ProxyMetrics {

    @Override
    public void clientConnected() {}

    @Override
    public void clientDisconnected() {}

    @Override
    public void acceptPaused() {}

    @Override
    public void refused(RefusalReason reason, int status, String route) {}

    @Override
    public void accessReported(String route, RefusalReason reason) {}

    @Override
    public void tlsEstablished(String listener, boolean resumed) {}

    @Override
    public void tlsFailed(TlsFailure reason) {}

    @Override
    public void exchangeEnded(String route, String backend, int status, long nanos) {}

    @Override
    public void connectFailed(String route, String backend, EndpointKey endpoint) {}

    @Override
    public void backendTlsEstablished(String route, String backend, boolean resumed) {}

    @Override
    public void backendTlsFailed(String route, String backend, BackendTlsFailure reason) {}

    @Override
    public void authorizationChecked(
            String route,
            AuthorizationOutcome outcome,
            @Nullable String failure,
            AuthorizationSource source,
            long nanos) {}

    @Override
    public void connectRetried(String route, String backend) {}

    @Override
    public void ejected(String route, String backend) {}

    @Override
    public void zoneChosen(String route, String backend, ZoneRelation zone) {}

    @Override
    public TunnelMeter tunnelOpened(String route, String backend, HandshakeTimes handshake) {
        return TunnelMeter.NONE;
    }
}
