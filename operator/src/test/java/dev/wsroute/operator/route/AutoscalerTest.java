// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wsroute.api.v1alpha1.WebSocketRoute;
import dev.wsroute.api.v1alpha1.WebSocketRouteStatus;
import dev.wsroute.operator.mock.MockApi;
import dev.wsroute.operator.scaling.ScalingDecision;
import dev.wsroute.operator.scaling.ScalingDecision.State;
import dev.wsroute.operator.scaling.ScalingObserver;
import dev.wsroute.operator.status.Observation;
import dev.wsroute.operator.testkit.MovableClock;
import dev.wsroute.operator.trim.TrimmingInterceptor;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSliceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
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
    private final WebSocketRoute route = Serialization.unmarshal("""
            apiVersion: wsroute.dev/v1alpha1
            kind: WebSocketRoute
            metadata: {name: chat, namespace: apps, generation: 3, uid: u}
            spec:
              rules:
              - name: main
                backendRefs:
                - service: {name: chat, port: ws}
              proxy:
                autoscaling:
                  minReplicas: 1
                  maxReplicas: 9
                  connectionsPerProxy: 100
                  scaleDown: {after: 1m}
            """, WebSocketRoute.class);
    private final Map<String, Long> connections = new TreeMap<>();
    private int sequence;
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
        status(4);
        assertThat(decide(deployment(6)).desired()).isEqualTo(6);

        autoscaler = started();
        assertThat(decide(deployment(2)).desired()).isEqualTo(4);

        // Somebody has deleted it.
        autoscaler = started();
        assertThat(decide(null).desired()).isEqualTo(4);
    }

    @Test
    void whatSomebodyDoesToTheDeploymentIsNoDecision() {
        connections.putAll(Map.of("a", 10L, "b", 10L, "c", 10L));
        assertThat(decide(deployment(3)).desired()).isEqualTo(3);

        assertThat(decide(deployment(1)).desired()).isEqualTo(3);
        assertThat(decide(deployment(9)).desired()).isEqualTo(3);
    }

    @Test
    void aNewOperatorBeginsTheWindowAnewAndBelievesOnlyReportsThatChange() {
        connections.putAll(Map.of("a", 10L, "b", 10L));
        assertThat(decide(deployment(2)).state()).isEqualTo(State.AwaitingReports);
        assertThat(reported(deployment(2)).state()).isEqualTo(State.ScaleDownPending);
        clock.advance(Duration.ofSeconds(59));

        autoscaler = started();
        clock.advance(Duration.ofSeconds(1));
        assertThat(decide(deployment(2)).state()).isEqualTo(State.AwaitingReports);
        assertThat(reported(deployment(2)).state()).isEqualTo(State.ScaleDownPending);
        clock.advance(Duration.ofSeconds(59));
        assertThat(reported(deployment(2)).desired()).isEqualTo(2);
        clock.advance(Duration.ofSeconds(1));
        assertThat(reported(deployment(2)).desired()).isEqualTo(1);
    }

    @Test
    void absurdReportsScaleWithinTheLimits() {
        connections.putAll(Map.of("a", Long.MAX_VALUE, "b", Long.MAX_VALUE));
        assertThat(decide(deployment(2)).desired()).isEqualTo(9);

        autoscaler = started();
        connections.putAll(Map.of("a", Long.MIN_VALUE, "b", 150L));
        assertThat(decide(deployment(2)).desired()).isEqualTo(2);
    }

    @Test
    void theEmptiestProxyIsMarkedOnceAndAnEarlierMarkIsTakenBack() {
        connections.putAll(Map.of("chat-proxy-a", 20L, "chat-proxy-b", 10L, "chat-proxy-c", 15L));
        pod("chat-proxy-a", "-1000");
        pod("chat-proxy-b", null);
        pod("chat-proxy-c", null);
        untilTheWindowEnds(3);

        assertThat(reported(deployment(3)).desired()).isEqualTo(2);

        assertThat(costs()).isEqualTo(Map.of("chat-proxy-a", "", "chat-proxy-b", "-1000", "chat-proxy-c", ""));
        long written =
                api.writes().stream().filter(write -> write.contains("/pods/")).count();
        assertThat(written).isEqualTo(2);
        assertThat(events()).containsExactly("ScaledDown: From 3 to 2 proxies for 45 connections.");

        decide(deployment(2));
        assertThat(api.writes().stream().filter(write -> write.contains("/pods/")))
                .hasSize(2);
    }

    @Test
    void aPodThatIsGoneBeforeItIsMarkedStopsNothing() {
        connections.putAll(Map.of("chat-proxy-a", 20L, "chat-proxy-b", 10L));
        pod("chat-proxy-a", null);
        pod("chat-proxy-b", null);
        untilTheWindowEnds(2);
        api.expect()
                .patch()
                .withPath("/api/v1/namespaces/apps/pods/chat-proxy-b?fieldManager=wsroute-operator")
                .andReturn(404, MockApi.failure(404, "NotFound", "pods \"chat-proxy-b\" not found"))
                .always();

        assertThat(reported(deployment(2)).desired()).isEqualTo(1);
    }

    @Test
    void aProxyThatCannotStartKeepsNoneFromEnding() {
        connections.putAll(Map.of("chat-proxy-a", 20L, "chat-proxy-b", 10L));
        untilTheWindowEnds(3);

        Deployment stuck = deployment(3);
        stuck.getStatus().setReadyReplicas(2);
        stuck.getStatus().setAvailableReplicas(2);

        assertThat(reported(stuck).desired()).isEqualTo(2);
    }

    @Test
    void noneEndsWhileOneOfAnEarlierRevisionRuns() {
        connections.putAll(Map.of("chat-proxy-a", 20L, "chat-proxy-b", 10L));
        untilTheWindowEnds(2);

        Deployment rolling = deployment(2);
        rolling.getStatus().setReplicas(3);

        assertThat(reported(rolling).state()).isEqualTo(State.RolloutRunning);
    }

    @Test
    void ifTheProxyCannotBeMarkedNoneEnds() {
        connections.putAll(Map.of("chat-proxy-a", 20L, "chat-proxy-b", 10L));
        pod("chat-proxy-a", null);
        pod("chat-proxy-b", null);
        untilTheWindowEnds(2);
        api.expect()
                .patch()
                .withPath("/api/v1/namespaces/apps/pods/chat-proxy-b?fieldManager=wsroute-operator")
                .andReturn(403, MockApi.failure(403, "Forbidden", "pods \"chat-proxy-b\" is forbidden"))
                .always();

        ScalingDecision decision = reported(deployment(2));

        assertThat(decision.desired()).isEqualTo(2);
        assertThat(decision.state()).isEqualTo(State.ScaleDownFailed);
        assertThat(decision.sentence()).contains(COST, "is forbidden");
        assertThat(events()).isEmpty();
    }

    @Test
    void aDeletedRouteIsNotCounted() {
        connections.putAll(Map.of("a", 5000L));
        Map<String, IntSupplier> counts = new HashMap<>();
        autoscaler = new Autoscaler(clock, new ScalingObserver() {
            @Override
            public void scaled(int from, int to) {}

            @Override
            public void watch(IntSupplier all, IntSupplier limited, IntSupplier stale) {
                counts.putAll(Map.of("all", all, "limited", limited));
            }
        });
        decide(deployment(9));
        assertThat(counts.values()).extracting(IntSupplier::getAsInt).containsExactly(1, 1);

        autoscaler.forget(route);

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

        assertThat(autoscaler.decide(others, observed(deployment(2)), api.client()))
                .isEmpty();
        assertThat(autoscaler.last(others, observed(deployment(2)))).isNull();
    }

    private Autoscaler started() {
        return new Autoscaler(clock, ScalingObserver.NONE);
    }

    private void untilTheWindowEnds(int proxies) {
        decide(deployment(proxies));
        reported(deployment(proxies));
        clock.advance(Duration.ofMinutes(1));
    }

    /** A decision after each proxy has reported once more. */
    private ScalingDecision reported(@Nullable Deployment deployment) {
        sequence++;
        return decide(deployment);
    }

    private ScalingDecision decide(@Nullable Deployment deployment) {
        return autoscaler.decide(route, observed(deployment), client).orElseThrow();
    }

    private Observation observed(@Nullable Deployment deployment) {
        Map<String, String> reports = new HashMap<>();
        connections.forEach((pod, count) ->
                reports.put(pod, "{\"connections\":" + count + ",\"load\":{\"sequence\":" + sequence + "}}"));
        return new Observation(
                deployment,
                null,
                new ConfigMapBuilder().withData(reports).build(),
                List.of(slice()),
                List::of,
                service -> List.of());
    }

    private EndpointSlice slice() {
        EndpointSliceBuilder slice = new EndpointSliceBuilder()
                .withNewMetadata()
                .withName("slice")
                .withNamespace("apps")
                .endMetadata()
                .addNewPort()
                .withName("ws")
                .withPort(8080)
                .endPort();
        connections
                .keySet()
                .forEach(pod -> slice.addNewEndpoint()
                        .withAddresses("10.0.0.1")
                        .withNewConditions()
                        .withReady(true)
                        .endConditions()
                        .withNewTargetRef()
                        .withKind("Pod")
                        .withName(pod)
                        .endTargetRef()
                        .endEndpoint());
        return slice.build();
    }

    private static Deployment deployment(int replicas) {
        return new DeploymentBuilder()
                .withNewMetadata()
                .withName("chat-proxy")
                .withGeneration(1L)
                .endMetadata()
                .withNewSpec()
                .withReplicas(replicas)
                .endSpec()
                .withNewStatus()
                .withObservedGeneration(1L)
                .withReplicas(replicas)
                .withUpdatedReplicas(replicas)
                .withReadyReplicas(replicas)
                .withAvailableReplicas(replicas)
                .endStatus()
                .build();
    }

    private void status(int desired) {
        route.setStatus(new WebSocketRouteStatus(
                3L,
                List.of(),
                new WebSocketRouteStatus.Proxies(desired, desired, desired, ""),
                desired,
                "",
                0,
                List.of(),
                List.of()));
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
