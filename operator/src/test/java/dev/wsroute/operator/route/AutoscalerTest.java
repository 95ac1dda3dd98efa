// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wsroute.api.v1alpha1.WebSocketRoute;
import dev.wsroute.operator.mock.MockApi;
import dev.wsroute.operator.scaling.ScalingDecision;
import dev.wsroute.operator.scaling.ScalingDecision.State;
import dev.wsroute.operator.scaling.ScalingObserver;
import dev.wsroute.operator.testkit.MovableClock;
import dev.wsroute.operator.trim.TrimmingInterceptor;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.IntSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the operator remembers, and what it does when a proxy is to end. */
class AutoscalerTest {

    private static final String COST = "controller.kubernetes.io/pod-deletion-cost";

    private final MockApi api = MockApi.start();
    /** Of lists, the operator's client keeps only parts. */
    private final KubernetesClient client = new KubernetesClientBuilder()
            .withConfig(api.config())
            .withHttpClientBuilderConsumer(http -> http.addOrReplaceInterceptor("trim", new TrimmingInterceptor()))
            .build();

    private final MovableClock clock = new MovableClock();
    private final ScaledRoute route = new ScaledRoute();
    private Autoscaler autoscaler = started();

    @AfterEach
    void stop() {
        client.close();
        api.close();
    }

    @Test
    void aNewRouteBeginsWithTheMinimum() {
        assertThat(decide(null).desired()).isEqualTo(1);
        assertThat(events()).isEmpty();
    }

    @Test
    void aNewOperatorContinuesWithTheLargerOfDeploymentAndStatus() {
        route.status(4);
        assertThat(decide(ScaledRoute.deployment(6)).desired()).isEqualTo(6);

        autoscaler = started();
        assertThat(decide(ScaledRoute.deployment(2)).desired()).isEqualTo(4);

        // Somebody has deleted it.
        autoscaler = started();
        assertThat(decide(null).desired()).isEqualTo(4);
    }

    @Test
    void whatSomebodyDoesToTheDeploymentIsNoDecision() {
        route.report(Map.of("a", 10L, "b", 10L, "c", 10L));
        assertThat(decide(ScaledRoute.deployment(3)).desired()).isEqualTo(3);

        assertThat(decide(ScaledRoute.deployment(1)).desired()).isEqualTo(3);
        assertThat(decide(ScaledRoute.deployment(9)).desired()).isEqualTo(3);
    }

    @Test
    void aNewOperatorBeginsTheWindowAnewAndBelievesOnlyReportsThatChange() {
        route.report(Map.of("a", 10L, "b", 10L));
        assertThat(decide(ScaledRoute.deployment(2)).state()).isEqualTo(State.AwaitingReports);
        assertThat(reported(ScaledRoute.deployment(2)).state()).isEqualTo(State.ScaleDownPending);
        clock.advance(Duration.ofSeconds(59));

        autoscaler = started();
        clock.advance(Duration.ofSeconds(1));
        assertThat(decide(ScaledRoute.deployment(2)).state()).isEqualTo(State.AwaitingReports);
        assertThat(reported(ScaledRoute.deployment(2)).state()).isEqualTo(State.ScaleDownPending);
        clock.advance(Duration.ofSeconds(59));
        assertThat(reported(ScaledRoute.deployment(2)).desired()).isEqualTo(2);
        clock.advance(Duration.ofSeconds(1));
        assertThat(reported(ScaledRoute.deployment(2)).desired()).isEqualTo(1);
    }

    @Test
    void cpuCountsInPercentOfTheRequest() {
        route.report(Map.of("a", 10L, "b", 10L));
        route.reportCpu(Map.of("a", 1_000L));
        assertThat(decide(ScaledRoute.deployment(2)).desired())
                .as("without a target")
                .isEqualTo(2);

        route.targetCpu(80, "500m");
        assertThat(decide(ScaledRoute.deployment(2)).sentence()).isEqualTo("3 proxies for 1 CPU.");
        assertThat(events()).contains("ScaledUp: From 2 to 3 proxies for 1 CPU.");
    }

    @Test
    void cpuStartsNoProxyWhileTheClientsOfAnotherOneReconnect() {
        route.targetCpu(80, "500m");
        route.report(Map.of("a", 10L, "b", 10L));
        route.reportCpu(Map.of("a", 1_000L));
        route.ends("b");
        route.status(1);
        assertThat(decide(ScaledRoute.deployment(1)).desired()).isEqualTo(1);

        route.ended("b");
        clock.advance(Duration.ofMinutes(2));
        assertThat(decide(ScaledRoute.deployment(1)).desired()).isEqualTo(1);

        clock.advance(Duration.ofSeconds(1));
        assertThat(decide(ScaledRoute.deployment(1)).desired()).isEqualTo(3);
    }

    @Test
    void absurdReportsScaleWithinTheLimits() {
        route.report(Map.of("a", Long.MAX_VALUE, "b", Long.MAX_VALUE));
        assertThat(decide(ScaledRoute.deployment(2)).desired()).isEqualTo(9);

        autoscaler = started();
        route.report(Map.of("a", Long.MIN_VALUE, "b", 150L));
        assertThat(decide(ScaledRoute.deployment(2)).desired()).isEqualTo(2);
    }

    @Test
    void theEmptiestProxyIsMarkedOnceAndAnEarlierMarkIsTakenBack() {
        route.report(Map.of("chat-proxy-a", 20L, "chat-proxy-b", 10L, "chat-proxy-c", 15L));
        pod("chat-proxy-a", "-1000");
        pod("chat-proxy-b", null);
        pod("chat-proxy-c", null);
        untilTheWindowEnds(3);

        assertThat(reported(ScaledRoute.deployment(3)).desired()).isEqualTo(2);

        assertThat(costs()).isEqualTo(Map.of("chat-proxy-a", "", "chat-proxy-b", "-1000", "chat-proxy-c", ""));
        long written =
                api.writes().stream().filter(write -> write.contains("/pods/")).count();
        assertThat(written).isEqualTo(2);
        assertThat(events()).containsExactly("ScaledDown: From 3 to 2 proxies for 45 connections.");

        decide(ScaledRoute.deployment(2));
        assertThat(api.writes().stream().filter(write -> write.contains("/pods/")))
                .hasSize(2);
    }

    @Test
    void aPodThatIsGoneBeforeItIsMarkedStopsNothing() {
        route.report(Map.of("chat-proxy-a", 20L, "chat-proxy-b", 10L));
        pod("chat-proxy-a", null);
        pod("chat-proxy-b", null);
        untilTheWindowEnds(2);
        api.expect()
                .patch()
                .withPath("/api/v1/namespaces/apps/pods/chat-proxy-b?fieldManager=wsroute-operator")
                .andReturn(404, MockApi.failure(404, "NotFound", "pods \"chat-proxy-b\" not found"))
                .always();

        assertThat(reported(ScaledRoute.deployment(2)).desired()).isEqualTo(1);
    }

    @Test
    void aProxyThatCannotStartKeepsNoneFromEnding() {
        route.report(Map.of("chat-proxy-a", 20L, "chat-proxy-b", 10L));
        untilTheWindowEnds(3);

        Deployment stuck = ScaledRoute.deployment(3);
        stuck.getStatus().setReadyReplicas(2);
        stuck.getStatus().setAvailableReplicas(2);

        assertThat(reported(stuck).desired()).isEqualTo(2);
    }

    @Test
    void noneEndsWhileOneOfAnEarlierRevisionRuns() {
        route.report(Map.of("chat-proxy-a", 20L, "chat-proxy-b", 10L));
        untilTheWindowEnds(2);

        Deployment rolling = ScaledRoute.deployment(2);
        rolling.getStatus().setReplicas(3);

        assertThat(reported(rolling).state()).isEqualTo(State.RolloutRunning);
    }

    @Test
    void ifTheProxyCannotBeMarkedNoneEnds() {
        route.report(Map.of("chat-proxy-a", 20L, "chat-proxy-b", 10L));
        pod("chat-proxy-a", null);
        pod("chat-proxy-b", null);
        untilTheWindowEnds(2);
        api.expect()
                .patch()
                .withPath("/api/v1/namespaces/apps/pods/chat-proxy-b?fieldManager=wsroute-operator")
                .andReturn(403, MockApi.failure(403, "Forbidden", "pods \"chat-proxy-b\" is forbidden"))
                .always();

        ScalingDecision decision = reported(ScaledRoute.deployment(2));

        assertThat(decision.desired()).isEqualTo(2);
        assertThat(decision.state()).isEqualTo(State.ScaleDownFailed);
        assertThat(decision.sentence()).contains(COST, "is forbidden");
        assertThat(events()).isEmpty();
    }

    @Test
    void aDeletedRouteIsNotCounted() {
        route.report(Map.of("a", 5000L));
        Map<String, IntSupplier> counts = new HashMap<>();
        autoscaler = new Autoscaler(clock, new ScalingObserver() {
            @Override
            public void scaled(int from, int to) {}

            @Override
            public void watch(IntSupplier all, IntSupplier limited, IntSupplier stale) {
                counts.putAll(Map.of("all", all, "limited", limited));
            }
        });
        decide(ScaledRoute.deployment(9));
        assertThat(counts.values()).extracting(IntSupplier::getAsInt).containsExactly(1, 1);

        autoscaler.forget(route.resource());

        assertThat(counts.values()).extracting(IntSupplier::getAsInt).containsExactly(0, 0);
    }

    @Test
    void withoutAutoscalingNothingIsDecided() {
        WebSocketRoute others = Serialization.unmarshal("""
                apiVersion: wsroute.dev/v1alpha1
                kind: WebSocketRoute
                metadata: {name: chat, namespace: apps, uid: u}
                spec:
                  rules:
                  - name: main
                    backendRefs:
                    - service: {name: chat, port: ws}
                """, WebSocketRoute.class);

        assertThat(autoscaler.decide(others, route.observed(ScaledRoute.deployment(2)), api.client()))
                .isEmpty();
        assertThat(autoscaler.last(others, route.observed(ScaledRoute.deployment(2))))
                .isNull();
    }

    private Autoscaler started() {
        return new Autoscaler(clock, ScalingObserver.NONE);
    }

    private void untilTheWindowEnds(int proxies) {
        decide(ScaledRoute.deployment(proxies));
        reported(ScaledRoute.deployment(proxies));
        clock.advance(Duration.ofMinutes(1));
    }

    /** A decision after each proxy has reported once more. */
    private ScalingDecision reported(@Nullable Deployment deployment) {
        route.nextReports();
        return decide(deployment);
    }

    private ScalingDecision decide(@Nullable Deployment deployment) {
        return autoscaler
                .decide(route.resource(), route.observed(deployment), client)
                .orElseThrow();
    }

    private void pod(String name, @Nullable String cost) {
        PodBuilder pod = new PodBuilder()
                .withNewMetadata()
                .withNamespace("apps")
                .withName(name)
                .addToLabels("app.kubernetes.io/name", "wsroute-proxy")
                .addToLabels("app.kubernetes.io/instance", "chat")
                .endMetadata();
        if (cost != null) {
            pod.editMetadata().addToAnnotations(COST, cost).endMetadata();
        }
        api.client().resource(pod.build()).create();
    }

    private Map<String, String> costs() {
        return api.client().pods().inNamespace("apps").list().getItems().stream()
                .collect(Collectors.toMap(pod -> pod.getMetadata().getName(), AutoscalerTest::cost));
    }

    private static String cost(Pod pod) {
        Map<String, String> annotations = pod.getMetadata().getAnnotations();
        return annotations == null ? "" : Objects.requireNonNullElse(annotations.get(COST), "");
    }

    private List<String> events() {
        return api.client().v1().events().inNamespace("apps").list().getItems().stream()
                .map((Event event) -> event.getReason() + ": " + event.getMessage())
                .toList();
    }
}
