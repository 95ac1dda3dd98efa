// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.rebalance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wsroute.config.BackendConfig.EndpointSliceRef;
import dev.wsroute.config.ListenerConfig;
import dev.wsroute.config.ProxyConfig;
import dev.wsroute.config.ProxyConfigParser.Parsed;
import dev.wsroute.config.ProxyReport;
import dev.wsroute.config.ProxyReport.Load;
import dev.wsroute.config.ReportsConfig;
import dev.wsroute.config.RuleConfig;
import dev.wsroute.config.RuleConfig.LoadBalancing;
import dev.wsroute.proxy.discovery.EndpointSet;
import dev.wsroute.proxy.discovery.SourceKey;
import dev.wsroute.proxy.drain.CloseReason;
import dev.wsroute.proxy.drain.LiveConnection;
import dev.wsroute.proxy.report.ReportSource;
import dev.wsroute.proxy.testkit.Documents;
import dev.wsroute.proxy.testkit.RecordingShedder;
import dev.wsroute.proxy.testkit.RecordingShedder.Shed;
import dev.wsroute.proxy.testkit.TestEndpoints;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** A full proxy with a full endpoint. Nothing that is to be closed has closed yet. */
class BothBalancesTest extends RuleSimulation {

    private static final EndpointSliceRef SLICES = new EndpointSliceRef("apps", "chat-proxy", "ws");

    private final RecordingShedder shedder = new RecordingShedder();
    private final Rebalancing both = new Rebalancing(
            registry,
            balancing,
            shedder,
            time,
            time::nanoTime,
            () -> new Random(1),
            new OtherProxies("chat-proxy-1-a", every -> new TwoReports()));

    /** This proxy has all connections, and another one has none. */
    private final class TwoReports implements ReportSource {

        private long sequence;

        @Override
        public void start(Consumer<Map<String, ProxyReport>> reports) {
            Load load = new Load(++sequence, 0, 0, null);
            reports.accept(Map.of(
                    "chat-proxy-1-a",
                    new ProxyReport(null, null, registry.size(), List.of(), load),
                    "chat-proxy-1-b",
                    new ProxyReport(null, null, 0, List.of(), load)));
            time.schedule(() -> start(reports), 20, TimeUnit.SECONDS);
        }

        @Override
        public void close() {}
    }

    @Test
    void noConnectionIsAskedForBoth() {
        RuleConfig rule = config("all", LoadBalancing.Type.LeastConnections, QUICK);
        ready("b0", "a");
        connect("all", balancing.selector("r", rule), 400);
        ready("b0", "a", "b");
        serve(rule);

        time.advance(Duration.ofMinutes(2));

        assertThat(asked(CloseReason.REBALANCED)).isNotEmpty();
        assertThat(asked(CloseReason.PROXY_REBALANCED)).isNotEmpty();
        List<LiveConnection> all = shedder.calls().stream()
                .flatMap(call -> call.connections().stream())
                .toList();
        assertThat(all).doesNotHaveDuplicates();
    }

    private List<LiveConnection> asked(CloseReason reason) {
        return shedder.calls().stream()
                .filter(call -> call.reason() == reason)
                .map(Shed::connections)
                .flatMap(List::stream)
                .toList();
    }

    private void serve(RuleConfig rule) {
        ProxyConfig config = ProxyConfig.named("apps/chat")
                .listeners(List.of(ListenerConfig.http("ws", null, 80)))
                .reports(new ReportsConfig(Duration.ofSeconds(10)))
                .proxies(SLICES)
                .rebalance(QUICK)
                .routes(List.of(Documents.route("r", List.of(), rule)))
                .build();
        both.changed(
                SourceKey.Proxies.of(SLICES),
                EndpointSet.of(List.of(
                        ProxySimulation.endpoint("chat-proxy-1-a", true, false),
                        ProxySimulation.endpoint("chat-proxy-1-b", true, false))));
        both.changed(
                new SourceKey.Listed("r", "all", "b0"),
                EndpointSet.of(List.of(TestEndpoints.ready("a"), TestEndpoints.ready("b"))));
        both.applied(new Parsed(config, List.of(), List.of()), Documents.text(1, config));
    }
}
