// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.relay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wsroute.config.ConnectionRules;
import dev.wsroute.proxy.accesslog.AccessEntry;
import dev.wsroute.proxy.drain.CloseReason;
import dev.wsroute.proxy.metrics.PrometheusMetrics;
import dev.wsroute.proxy.testkit.Frame;
import dev.wsroute.proxy.testkit.ProxyTest;
import dev.wsroute.proxy.testkit.RawBackend;
import dev.wsroute.proxy.testkit.RawPeer;
import dev.wsroute.proxy.testkit.TestProxy;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The metric, the access log and the first Close frame agree on the outcome, however a tunnel ends. */
class TunnelOutcomeTest extends ProxyTest {

    private static final Pattern CLOSED =
            Pattern.compile("wsroute_connections_closed_total\\{.*code=\"(\\w+)\",initiator=\"(\\w+)\".*} 1\\.0");
    private static final int MAX_MESSAGE = 100;

    /** What happens to a tunnel. */
    private interface Events {
        void happen(TunnelOutcomeTest tunnel) throws Exception;
    }

    /** @param outcome end, initiator, code and the proxy's own reason, or a dash */
    private record Row(String name, String outcome, Events events) {
        @Override
        public String toString() {
            return name;
        }
    }

    private TestProxy proxy;
    private RawPeer client;
    private RawPeer backend;

    static Stream<Row> rows() {
        return Stream.of(
                new Row("the client closes, and the backend answers", "client_closed client 1000 -", t -> {
                    t.client.send(Frame.close(1000, "", true));
                    t.backendReceivesClose(1000);
                    t.backend.send(Frame.close(1001, "", false));
                    t.clientReceivesClose(1001);
                }),
                new Row("the client closes without a code, the backend with one", "client_closed client 1005 -", t -> {
                    t.client.send(Frame.encode(Frame.CLOSE, new byte[0], true));
                    assertThat(t.backend.readFrame().isClose()).isTrue();
                    t.backend.send(Frame.close(1000, "", false));
                    t.clientReceivesClose(1000);
                }),
                new Row("the backend closes, then the proxy", "backend_closed backend 1001 backend_leaving", t -> {
                    t.backend.send(Frame.close(1001, "", false));
                    t.clientReceivesClose(1001);
                    t.proxyCloses(CloseReason.BACKEND_LEAVING);
                    t.backendReceivesClose(1012);
                    t.client.send(Frame.close(1001, "", true));
                }),
                new Row(
                        "the backend closes without a code, then the proxy",
                        "backend_closed backend 1005 max_age",
                        t -> {
                            t.backend.send(Frame.encode(Frame.CLOSE, new byte[0], false));
                            assertThat(t.client.readFrame().isClose()).isTrue();
                            t.proxyCloses(CloseReason.MAX_AGE);
                            t.backendReceivesClose(1012);
                            t.client.send(Frame.close(1000, "", true));
                        }),
                new Row("the client closes, then the proxy", "client_closed client 1008 proxy_shutdown", t -> {
                    t.client.send(Frame.close(1008, "", true));
                    t.backendReceivesClose(1008);
                    t.proxyCloses(CloseReason.PROXY_SHUTDOWN);
                    t.clientReceivesClose(1001);
                    t.backend.send(Frame.close(1008, "", false));
                }),
                new Row("the proxy closes, and both answer", "proxy_closed proxy 1012 backend_leaving", t -> {
                    t.proxyCloses(CloseReason.BACKEND_LEAVING);
                    t.clientReceivesClose(1012);
                    t.backendReceivesClose(1012);
                    t.backend.send(Frame.close(1001, "", false));
                    t.client.send(Frame.close(1012, "", true));
                }),
                new Row("the proxy closes, and nobody answers", "reset_after_close_timeout proxy 1012 max_age", t -> {
                    t.proxyCloses(CloseReason.MAX_AGE);
                    t.clientReceivesClose(1012);
                    assertThat(t.client.isReset()).isTrue();
                }),
                new Row(
                        "the backend closes, then the proxy, and nobody answers",
                        "reset_after_close_timeout proxy 1001 backend_leaving",
                        t -> {
                            t.backend.send(Frame.close(1001, "", false));
                            t.clientReceivesClose(1001);
                            t.proxyCloses(CloseReason.BACKEND_LEAVING);
                            assertThat(t.client.isReset()).isTrue();
                        }),
                new Row("the client is gone", "client_gone client none -", t -> {
                    t.client.close();
                    assertThat(t.backend.atEnd()).isTrue();
                }),
                new Row("the client resets", "client_gone client none -", t -> t.client.reset()),
                new Row("the client ends its output, then the proxy closes", "client_gone client 1001 idle", t -> {
                    t.client.endOutput();
                    assertThat(t.backend.atEnd()).isTrue();
                    t.proxyCloses(CloseReason.IDLE);
                    t.clientReceivesClose(1001);
                }),
                new Row("the backend is gone", "backend_vanished backend 1012 backend_vanished", t -> {
                    t.backend.close();
                    t.clientReceivesClose(1012);
                    t.client.send(Frame.close(1012, "", true));
                }),
                new Row("the backend is gone in the midst of a frame", "reset_mid_frame backend none -", t -> {
                    t.backend.send(Frame.header(Frame.BINARY, 50, false));
                    t.client.read(2);
                    t.backend.close();
                    assertThat(t.client.isReset()).isTrue();
                }),
                new Row("the backend is gone after the client's Close", "client_closed client 1000 -", t -> {
                    t.client.send(Frame.close(1000, "", true));
                    t.backendReceivesClose(1000);
                    t.backend.close();
                    assertThat(t.client.atEnd()).isTrue();
                }),
                new Row("the client breaks the protocol", "proxy_closed proxy 1002 protocol_error", t -> {
                    t.client.send(Frame.text("not masked", false));
                    t.clientReceivesClose(1002);
                    t.backendReceivesClose(1002);
                    t.backend.send(Frame.close(1002, "", false));
                }),
                new Row("a message is too big", "proxy_closed proxy 1009 message_too_big", t -> {
                    t.backend.send(Frame.header(Frame.BINARY, MAX_MESSAGE + 1, false));
                    t.clientReceivesClose(1009);
                    t.client.send(Frame.close(1009, "", true));
                }),
                new Row("both close at once", "backend_closed backend 1001 -", t -> {
                    t.backend.send(Frame.close(1001, "", false));
                    t.clientReceivesClose(1001);
                    t.client.send(Frame.close(1000, "", true));
                    t.backendReceivesClose(1000);
                }));
    }

    @ParameterizedTest
    @MethodSource("rows")
    void theMetricTheLogAndTheFirstCloseAgree(Row row) throws Exception {
        PrometheusMetrics metrics = new PrometheusMetrics();
        RawBackend server = open(RawBackend.start());
        proxy = open(TestProxy.options()
                .metrics(metrics)
                .closeTimeout(Duration.ofMillis(500))
                .rules(new ConnectionRules((long) MAX_MESSAGE, null, 10, null))
                .to(server.address())
                .start());
        TestProxy.Pair pair = open(proxy.open(server));
        client = pair.client();
        backend = pair.backend();

        row.events().happen(this);
        client.close();
        backend.close();

        AccessEntry logged = proxy.nextLogged();
        assertThat(inWords(Objects.requireNonNull(logged.tunnel()))).isEqualTo(row.outcome());
        String[] outcome = row.outcome().split(" ");
        assertThat(closed(metrics)).containsExactly(outcome[1] + " " + outcome[2]);
    }

    private static String inWords(AccessEntry.TunnelTotals tunnel) {
        return tunnel.end().name().toLowerCase(Locale.ROOT)
                + " " + tunnel.end().initiator()
                + " " + (tunnel.closeCode() < 0 ? "none" : tunnel.closeCode())
                + " "
                + (tunnel.closeReason() == null
                        ? "-"
                        : tunnel.closeReason().name().toLowerCase(Locale.ROOT));
    }

    private static List<String> closed(PrometheusMetrics metrics) {
        return CLOSED.matcher(metrics.scrape())
                .results()
                .map(found -> found.group(2) + " " + found.group(1))
                .toList();
    }

    private void proxyCloses(CloseReason reason) {
        proxy.connections().matching(any -> true).get(0).close(reason);
    }

    private void clientReceivesClose(int code) throws Exception {
        assertThat(client.readFrame().closeCode()).isEqualTo(code);
    }

    private void backendReceivesClose(int code) throws Exception {
        assertThat(backend.readFrame().closeCode()).isEqualTo(code);
    }
}
