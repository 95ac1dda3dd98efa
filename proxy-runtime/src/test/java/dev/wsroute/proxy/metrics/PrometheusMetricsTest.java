// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wsroute.proxy.discovery.EndpointKey;
import dev.wsroute.proxy.drain.CloseReason;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PrometheusMetricsTest {

    private static final BackendName BACKEND = new BackendName("apps/chat", "service/chat:ws");
    private static final String LABELS = "backend=\"service/chat:ws\",";

    private final PrometheusMetrics metrics = new PrometheusMetrics();

    @Test
    void aWebsocketIsCountedFromItsOpeningToItsEnd() {
        metrics.clientConnected();
        TunnelMeter tunnel =
                metrics.tunnelOpened("apps/chat", "service/chat:ws", new HandshakeTimes(1_500_000, 500_000));
        tunnel.relayed(Direction.CLIENT_TO_BACKEND, 2, 100);
        tunnel.relayed(Direction.BACKEND_TO_CLIENT, 0, 50);

        assertThat(metrics.scrape())
                .contains("wsroute_clients 1.0")
                .contains("wsroute_connections{" + LABELS + "route=\"apps/chat\"} 1.0")
                .contains("wsroute_connections_opened_total{" + LABELS + "route=\"apps/chat\"} 1.0")
                .contains(
                        "wsroute_bytes_total{" + LABELS + "direction=\"client_to_backend\",route=\"apps/chat\"} 100.0")
                .contains(
                        "wsroute_messages_total{" + LABELS + "direction=\"client_to_backend\",route=\"apps/chat\"} 2.0")
                .contains("wsroute_bytes_total{" + LABELS + "direction=\"backend_to_client\",route=\"apps/chat\"} 50.0")
                .contains("wsroute_handshake_seconds_sum{" + LABELS + "phase=\"connect\",route=\"apps/chat\"} 0.0015")
                .contains("wsroute_handshake_seconds_sum{" + LABELS + "phase=\"upgrade\",route=\"apps/chat\"} 5.0E-4")
                .contains("wsroute_handshake_seconds_count{" + LABELS + "phase=\"total\",route=\"apps/chat\"} 1");

        tunnel.ended(TunnelOutcome.PROXY_CLOSED, 1012, CloseReason.BACKEND_LEAVING);
        metrics.clientDisconnected();
        count(TunnelOutcome.CLIENT_CLOSED, 4999, null);
        count(TunnelOutcome.CLIENT_GONE, -1, null);

        assertThat(metrics.scrape())
                .contains("wsroute_clients 0.0")
                .contains("wsroute_connections{" + LABELS + "route=\"apps/chat\"} 0.0")
                .contains(closed("1012", "proxy"))
                .contains(closed("4xxx", "client"))
                .contains(closed("none", "client"));
    }

    @Test
    void pausesAreCountedAtTheirStartAndTimedAtTheirEnd() {
        TunnelMeter tunnel = metrics.tunnelOpened("apps/chat", "service/chat:ws", new HandshakeTimes(1, 1));
        String of = LABELS + "direction=\"backend_to_client\",route=\"apps/chat\"}";

        tunnel.readingPaused(Direction.BACKEND_TO_CLIENT);
        assertThat(metrics.scrape())
                .contains("wsroute_backpressure_pauses_total{" + of + " 1.0")
                .contains("wsroute_backpressure_paused_connections{" + of + " 1.0")
                .contains("wsroute_backpressure_paused_seconds_total{" + of + " 0.0");

        tunnel.readingResumed(Direction.BACKEND_TO_CLIENT, 1_500_000_000);
        assertThat(metrics.scrape())
                .contains("wsroute_backpressure_pauses_total{" + of + " 1.0")
                .contains("wsroute_backpressure_paused_connections{" + of + " 0.0")
                .contains("wsroute_backpressure_paused_seconds_total{" + of + " 1.5");
    }

    @Test
    void resetsAreCountedByTheirCause() {
        count(TunnelOutcome.RESET_AFTER_WRITE_STALL, -1, null);
        count(TunnelOutcome.CLIENT_GONE, -1, null);

        assertThat(metrics.scrape().lines().filter(line -> line.startsWith("wsroute_connections_reset_total")))
                .containsExactly("wsroute_connections_reset_total{" + LABELS
                        + "cause=\"after_write_stall\",route=\"apps/chat\"} 1.0");
    }

    @ParameterizedTest
    @CsvSource({
        "CLIENT_CLOSED, -1, client, 1005",
        "BACKEND_CLOSED, -1, backend, 1005",
        "CLIENT_GONE, -1, client, none",
        "BACKEND_VANISHED, -1, backend, none",
        "RESET_AFTER_WRITE_STALL, -1, proxy, none",
        "CLIENT_CLOSED, 1000, client, 1000",
        "CLIENT_CLOSED, 1015, client, 1015",
        "CLIENT_CLOSED, 1016, client, other",
        "CLIENT_CLOSED, 0, client, other",
        "BACKEND_CLOSED, 2999, backend, other",
        "BACKEND_CLOSED, 3000, backend, 3xxx",
        "CLIENT_CLOSED, 4999, client, 4xxx",
        "CLIENT_CLOSED, 5000, client, other"
    })
    void thePeersChooseCodesAndTheLabelsStayFew(TunnelOutcome end, int code, String initiator, String label) {
        count(end, code, null);

        assertThat(metrics.scrape()).contains(closed(label, initiator));
    }

    @Test
    void refusalsExchangesAndFailedConnectsAreCounted() {
        metrics.refused(RefusalReason.NO_ROUTE, 404, "");
        metrics.exchangeEnded("apps/chat", "service/chat:ws", 200, 1_000_000);
        metrics.connectFailed("apps/chat", "service/chat:ws", new EndpointKey("pod", 80));

        assertThat(metrics.scrape())
                .contains("wsroute_refusals_total{reason=\"no_route\",route=\"\",status=\"404\"} 1.0")
                .contains("wsroute_http_exchange_seconds_count{" + LABELS + "route=\"apps/chat\",status=\"200\"} 1")
                .contains("wsroute_connect_failures_total{" + LABELS + "route=\"apps/chat\"} 1.0");
    }

    @Test
    void configurationsAreCountedAndTheOneInForceIsShown() {
        metrics.configApplied(7, 2, Set.of(BACKEND));
        metrics.configRefused(RefusedConfig.LISTENER);

        assertThat(metrics.scrape())
                .contains("wsroute_config_applied_total 1.0")
                .contains("wsroute_config_refused_total{cause=\"listener\"} 1.0")
                .contains("wsroute_config_refused_total{cause=\"invalid\"} 0.0")
                .contains("wsroute_config_stale{cause=\"listener\"} 1.0")
                .contains("wsroute_config_generation 7.0")
                .contains("wsroute_config_ignored_fields 2.0");
    }

    @Test
    void aConfigurationThatIsAppliedIsNotStale() {
        metrics.configRefused(RefusedConfig.INVALID);
        metrics.configApplied(7, 0, Set.of());

        assertThat(metrics.scrape()).contains("wsroute_config_stale{cause=\"invalid\"} 0.0");
    }

    @Test
    void aBackendHasItsSeriesFromTheMomentThatItIsConfigured() {
        metrics.watchEndpoints((backend, state) -> backend.equals(BACKEND) ? state.ordinal() : 99);
        metrics.configApplied(7, 0, Set.of(BACKEND));

        assertThat(metrics.scrape())
                .contains("wsroute_connections_opened_total{" + LABELS + "route=\"apps/chat\"} 0.0")
                .contains("wsroute_connect_retries_total{" + LABELS + "route=\"apps/chat\"} 0.0")
                .contains("wsroute_endpoints{" + LABELS + "route=\"apps/chat\",state=\"ready\"} 0.0")
                .contains("wsroute_endpoints{" + LABELS + "route=\"apps/chat\",state=\"ejected\"} 3.0");
    }

    @Test
    void theSeriesOfARemovedRouteAreRemovedWithItsLastConnection() {
        TunnelMeter tunnel = metrics.tunnelOpened("apps/gone", "service/chat:ws", new HandshakeTimes(1, 1));
        metrics.backendTlsEstablished("apps/gone", "service/chat:ws", true);

        metrics.configApplied(1, 0, Set.of());
        assertThat(metrics.scrape())
                .contains(
                        "wsroute_backend_tls_handshakes_total{" + LABELS + "resumed=\"true\",route=\"apps/gone\"} 1.0");
        tunnel.ended(TunnelOutcome.PROXY_CLOSED, 1012, CloseReason.ROUTE_REMOVED);
        metrics.configApplied(2, 0, Set.of());

        assertThat(metrics.scrape()).doesNotContain("apps/gone");
    }

    @Test
    void theProcessShowsItsMemoryAndTime() {
        assertThat(metrics.scrape())
                .containsPattern("process_resident_memory_bytes [0-9.]+E[0-9]")
                .contains("process_cpu_seconds_total ")
                .contains("jvm_memory_heap_used_bytes ")
                .containsPattern("process_open_fds [1-9]")
                .containsPattern("process_max_fds [1-9]")
                .containsPattern("wsroute_direct_memory_bytes [0-9]");
    }

    private static String closed(String code, String initiator) {
        return "wsroute_connections_closed_total{" + LABELS + "code=\"" + code + "\",initiator=\"" + initiator
                + "\",route=\"apps/chat\"} 1.0";
    }

    private void count(TunnelOutcome end, int code, @Nullable CloseReason reason) {
        metrics.tunnelOpened("apps/chat", "service/chat:ws", new HandshakeTimes(1, 1))
                .ended(end, code, reason);
    }
}
