// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.wsroute.api.v1alpha1.WebSocketRoute;
import dev.wsroute.config.ConfigVersion;
import dev.wsroute.config.ProxyConfig;
import dev.wsroute.config.ProxyReport;
import dev.wsroute.e2e.client.Fleet;
import dev.wsroute.e2e.dev.RouteProgress;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import io.fabric8.kubernetes.client.dsl.Resource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Programmed means programmed: every ready proxy runs the current version, and there is at least one. */
@Scenario
class ProgrammedIT {

    private static final ObjectMapper MAPPER = new ObjectMapper();

    @Test
    void programmedIsTrueOnlyWhenEveryReadyProxyReportsTheGeneration(Space space) {
        space.backend("chat", 1);
        List<String> lies = new CopyOnWriteArrayList<>();
        Route route = space.route("chat");
        AtomicInteger claims = new AtomicInteger();
        route.apply(Spec.to("chat").replicas(2));
        route.awaitReady();
        Watch watch = space.client()
                .resources(WebSocketRoute.class)
                .inNamespace(space.namespace())
                .watch(new ProgrammedWatcher(space, route, claims, lies));

        for (int edit = 1; edit <= 5; edit++) {
            route.apply(Spec.to("chat").replicas(2).idle(edit + "h"));
            route.awaitCondition("Programmed", "True");
        }
        await("a claim for each edit, judged").until(() -> claims.get() >= 5);
        watch.close();

        assertThat(lies).isEmpty();
        assertThat(route.get().getStatus().proxies().programmed()).isEqualTo(2);
    }

    @Test
    @DisplayName("I6: a bad configuration never replaces a good one, and its reason is reported")
    void aBadConfigurationIsRefused(Space space, SuiteCluster cluster) {
        space.backend("chat", 1);
        Route route = space.apply("chat", Spec.to("chat")).awaitReady();
        String proxy = route.proxyNames().get(0);
        Fleet fleet = space.fleet(route.uri(), 5);
        Resource<ConfigMap> config = configMap(space, route, "-config");
        ConfigVersion good = report(space, route, proxy).applied();
        cluster.stopOperator();
        try {
            for (String bad :
                    List.of("{\"listeners\": [", "{\"schemaVersion\": \"99.0\"}", "{\"listeners\": \"none\"}", "")) {
                config.edit(current -> new ConfigMapBuilder(current)
                        .addToData(ProxyConfig.DATA_KEY, bad)
                        .build());
                await("the refusal of '" + bad + "'").untilAsserted(() -> {
                    ProxyReport report = report(space, route, proxy);
                    assertThat(report.refused()).isNotNull();
                    assertThat(report.applied()).isEqualTo(good);
                });
                assertThat(report(space, route, proxy).refused().reason()).isNotBlank();
                fleet.grow(2);
            }
            config.delete();
            fleet.grow(2);
            Closes.assertNone(fleet.members());
        } finally {
            cluster.startOperator();
        }

        route.awaitReady();
        route.apply(Spec.to("chat").idle("1h"));
        route.awaitReady();
        assertThat(report(space, route, proxy).refused()).isNull();
        Closes.assertNone(fleet.members());
    }

    @Test
    void aProxysRefusalIsTheReasonOfProgrammedFalse(Space space) {
        space.backend("chat", 1);
        Route route = space.apply("chat", Spec.to("chat")).awaitReady();
        String proxy = route.proxyNames().get(0);
        ProxyReport honest = report(space, route, proxy);
        ProxyReport refusal = new ProxyReport(
                new ConfigVersion(0, "older"),
                new ProxyReport.Refusal(honest.applied(), "routes[0].rules[0] is beyond me."),
                0);

        configMap(space, route, "-report")
                .edit(current -> new ConfigMapBuilder(current)
                        .addToData(proxy, write(refusal))
                        .build());

        Condition programmed = route.awaitCondition("Programmed", "False");
        assertThat(programmed.getMessage()).contains("routes[0].rules[0] is beyond me");
        assertThat(route.awaitCondition("Ready", "False").getMessage()).isNotBlank();

        route.apply(Spec.to("chat").idle("1h"));
        route.awaitReady();
    }

    private static Resource<ConfigMap> configMap(Space space, Route route, String suffix) {
        return space.client().configMaps().inNamespace(space.namespace()).withName(route.proxyName() + suffix);
    }

    private static ProxyReport report(Space space, Route route, String proxy) {
        Map<String, String> data = configMap(space, route, "-report").require().getData();
        assertThat(data).containsKey(proxy);
        try {
            return MAPPER.readValue(data.get(proxy), ProxyReport.class);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String write(ProxyReport report) {
        try {
            return MAPPER.writeValueAsString(report);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Checks that the proxies run the configuration whenever the status is Programmed. */
    private record ProgrammedWatcher(Space space, Route route, AtomicInteger claims, List<String> lies)
            implements Watcher<WebSocketRoute> {

        @Override
        public void eventReceived(Action action, WebSocketRoute current) {
            boolean claimed = RouteProgress.condition(current, "Programmed")
                    .filter(condition -> "True".equals(condition.getStatus()))
                    .isPresent();
            if (!claimed || action == Action.DELETED) {
                return;
            }
            try {
                judge(current);
            } catch (RuntimeException | AssertionError e) {
                lies.add("could not be judged: " + e);
            }
            claims.incrementAndGet();
        }

        private void judge(WebSocketRoute current) {
            Long generation = current.getStatus().observedGeneration();
            List<String> ready = route.proxies().stream()
                    .filter(EchoBackend::isReady)
                    .map(pod -> pod.getMetadata().getName())
                    .toList();
            boolean all = ready.stream().allMatch(proxy -> {
                ConfigVersion applied = report(space, route, proxy).applied();
                return applied != null && generation != null && applied.generation() >= generation;
            });
            if (ready.isEmpty() || !all) {
                lies.add("generation " + generation + " with ready proxies " + ready);
            }
        }

        @Override
        public void onClose(WatcherException cause) {
            if (cause != null) {
                lies.add("the watch ended: " + cause);
            }
        }
    }
}
