// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.compile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wsroute.api.v1alpha1.WebSocketRoute;
import dev.wsroute.config.BackendConfig.EndpointSliceRef;
import dev.wsroute.config.ProxyConfig;
import dev.wsroute.config.Rebalance;
import dev.wsroute.config.ReportsConfig;
import dev.wsroute.operator.compile.Compilation.Compiled;
import dev.wsroute.operator.compile.Compilation.Refused;
import dev.wsroute.operator.testkit.OwnNamespace;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** {@code spec.proxy.rebalance}: what the proxies need to know of each other. */
class OwnProxiesTest {

    @Test
    void proxiesThatRebalanceReportOftenAndKnowTheirService() {
        ProxyConfig config = config("{rebalance: {enabled: true}, listeners: [{name: web, port: 8080}]}");

        assertThat(config.reports()).isEqualTo(new ReportsConfig(Duration.ofSeconds(10)));
        assertThat(config.proxies()).isEqualTo(new EndpointSliceRef("apps", "chat-proxy", "web"));
        assertThat(config.rebalance()).isEqualTo(new Rebalance(true, 25, 2, Duration.ofMinutes(5)));
    }

    @Test
    void manyProxiesReportLessOften() {
        assertThat(config("{replicas: 300, rebalance: {enabled: true}}").reports())
                .isEqualTo(new ReportsConfig(Duration.ofSeconds(30)));
        assertThat(config("{rebalance: {enabled: true}, autoscaling: {maxReplicas: 200, connectionsPerProxy: 9}}")
                        .reports())
                .isEqualTo(new ReportsConfig(Duration.ofSeconds(20)));
    }

    @Test
    void othersNeedNothing() {
        for (String proxy : new String[] {"{}", "{rebalance: {thresholdPercent: 10}}"}) {
            ProxyConfig config = config(proxy);

            assertThat(config.reports()).isNull();
            assertThat(config.proxies()).isNull();
            assertThat(config.rebalances()).isFalse();
        }
    }

    @Test
    void theOperatorRefusesWhatTheCrdRefuses() {
        assertThat(compile("{rebalance: {thresholdPercent: 4}}"))
                .isInstanceOfSatisfying(
                        Refused.class,
                        refused -> assertThat(refused.problems())
                                .containsExactly(
                                        "spec.proxy.rebalance.thresholdPercent must be between 5 and 1000, got 4"));
    }

    private static ProxyConfig config(String proxy) {
        return ((Compiled) compile(proxy)).config();
    }

    private static Compilation compile(String proxy) {
        return RouteCompiler.compile(
                Serialization.unmarshal("""
                        apiVersion: wsroute.dev/v1alpha1
                        kind: WebSocketRoute
                        metadata: {name: chat, namespace: apps}
                        spec:
                          rules: [{name: main, backendRefs: [{service: {name: chat, port: 80}}]}]
                          proxy: %s
                        """.formatted(proxy), WebSocketRoute.class),
                name -> Optional.empty(),
                OwnNamespace.ONLY,
                Map.of());
    }
}
