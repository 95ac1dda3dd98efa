// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.status;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wsroute.api.v1alpha1.WebSocketRoute;
import dev.wsroute.api.v1alpha1.WebSocketRouteStatus;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Clock;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Stuck roll-outs, first or later ones, are explained. The states are those of Kubernetes 1.36. */
class StuckRolloutTest {

    private static final String NOT_FOUND =
            "failed to pull and unpack image \\\"docker.io/wsroute/nope:1\\\": failed to"
                    + " resolve reference \\\"docker.io/wsroute/nope:1\\\": docker.io/wsroute/nope:1: not found";

    private final StatusFactory factory = new StatusFactory(Clock.systemUTC(), false);

    @Test
    void aMissingImageIsReportedTheSameWayDuringPullsAndBackOff() {
        WebSocketRouteStatus pulled = first(waiting("ErrImagePull", NOT_FOUND));
        WebSocketRouteStatus waited = first(waiting(
                "ImagePullBackOff", "Back-off pulling image \\\"wsroute/nope:1\\\": ErrImagePull: " + NOT_FOUND));

        String cause =
                "image wsroute/nope:1 of pod chat-proxy-5d-a cannot be pulled: " + NOT_FOUND.replace("\\\"", "\"");
        assertThat(message(pulled, ConditionType.Programmed))
                .isEqualTo("None of 1 proxies is ready yet: " + cause + ".");
        assertThat(condition(pulled, ConditionType.Programmed).getReason()).isEqualTo("NoReadyProxy");
        assertThat(message(pulled, ConditionType.Ready))
                .isEqualTo("The roll-out of the proxies is stuck: " + cause + ".");
        assertThat(condition(pulled, ConditionType.Ready).getReason()).isEqualTo("ImagePullBackOff");
        assertThat(waited.conditions())
                .usingRecursiveFieldByFieldElementComparatorIgnoringFields("lastTransitionTime")
                .isEqualTo(pulled.conditions());
    }

    @Test
    void oneEventReportsTheObstacleAndOneItsEnd() {
        WebSocketRouteStatus fresh = first();
        WebSocketRouteStatus stuck = first(waiting("ErrImagePull", NOT_FOUND));
        WebSocketRouteStatus up = status(Fixtures.healthy());

        assertThat(Transition.between(null, fresh)).isEmpty();
        assertThat(Transition.between(fresh, stuck)).singleElement().satisfies(told -> {
            assertThat(told.reason()).isEqualTo("ImagePullBackOff");
            assertThat(told.warning()).isTrue();
        });
        assertThat(Transition.between(stuck, stuck)).isEmpty();
        assertThat(Transition.between(stuck, up)).extracting(Transition::reason).containsExactly("Programmed", "Ready");
    }

    @Test
    void anUnschedulablePodIsReported() {
        WebSocketRouteStatus status = first(pod("5d", "a", """
                phase: Pending
                conditions:
                - {type: PodScheduled, status: 'False', reason: Unschedulable, message: '0/3 nodes are available: 3 \
                Insufficient cpu. preemption: 0/3 nodes are available: 3 No preemption victims found for incoming pod.'}
                """));

        assertThat(condition(status, ConditionType.Ready).getReason()).isEqualTo("Unschedulable");
        assertThat(message(status, ConditionType.Programmed))
                .isEqualTo("None of 1 proxies is ready yet: pod chat-proxy-5d-a cannot be scheduled: 0/3 nodes are"
                        + " available: 3 Insufficient cpu. preemption: 0/3 nodes are available: 3 No preemption victims"
                        + " found for incoming pod.");
    }

    @ParameterizedTest
    @CsvSource({
        "CrashLoopBackOff,'waiting: {reason: CrashLoopBackOff, message: back-off 40s restarting}',1",
        "CrashLoopBackOff,'running: {startedAt: 2026-01-01T00:00:00Z}',2",
    })
    void aCrashingContainerIsReportedTheSameWayWhileItRunsAndDuringBackOff(String reason, String state, int restarts) {
        WebSocketRouteStatus status = first(pod("5d", "a", """
                phase: Running
                containerStatuses:
                - name: proxy
                  ready: false
                  restartCount: %d
                  state: {%s}
                  lastState: {terminated: {exitCode: 1, reason: Error, message: "no such\\tflag\\n"}}
                """.formatted(restarts, state)));

        assertThat(condition(status, ConditionType.Ready).getReason()).isEqualTo(reason);
        assertThat(message(status, ConditionType.Ready))
                .isEqualTo("The roll-out of the proxies is stuck: container proxy of pod chat-proxy-5d-a keeps exiting"
                        + " with exit code 1 (Error): no such flag.");
    }

    @Test
    void oneRestartOrAContainerThatIsStartingIsNoObstacle() {
        for (String state : List.of("running: {}", "waiting: {reason: ContainerCreating}")) {
            assertThat(condition(first(pod("5d", "a", """
                                            phase: Pending
                                            containerStatuses:
                                            - name: proxy
                                              ready: false
                                              restartCount: 1
                                              state: {%s}
                                              lastState: {terminated: {exitCode: 137, reason: OOMKilled}}
                                            """.formatted(state))), ConditionType.Ready)
                            .getReason())
                    .isEqualTo("NoReadyProxy");
        }
    }

    @Test
    void aContainerThatCannotBeCreatedIsReportedWithKubernetesReason() {
        WebSocketRouteStatus status = first(waiting("CreateContainerConfigError", "secret \\\"pull\\\" not found"));

        assertThat(condition(status, ConditionType.Ready).getReason()).isEqualTo("CreateContainerConfigError");
        assertThat(message(status, ConditionType.Ready))
                .isEqualTo("The roll-out of the proxies is stuck: container proxy of pod chat-proxy-5d-a cannot be"
                        + " started: secret \"pull\" not found.");
    }

    @Test
    void podsThatCannotBeCreatedAreReportedByTheDeployment() {
        String quota = "pods \"chat-proxy-5d-x\" is forbidden: exceeded quota: small, requested: pods=1, used: pods=0,"
                + " limited: pods=0";
        Fixtures refused =
                new Fixtures().deployment(0, 0, 0).deploymentCondition("ReplicaFailure", "True", "FailedCreate", quota);

        WebSocketRouteStatus status = status(refused);

        assertThat(condition(status, ConditionType.Ready).getReason()).isEqualTo("FailedCreate");
        assertThat(message(status, ConditionType.Programmed))
                .isEqualTo("None of 2 proxies is ready yet: not all pods of Deployment chat-proxy can be created: "
                        + quota + ".");
    }

    @Test
    void aFirstRollOutWithoutProgressReportsItToo() {
        WebSocketRouteStatus status = status(new Fixtures()
                .deployment(2, 2, 0)
                .deploymentCondition("Progressing", "False", "ProgressDeadlineExceeded", "timed out"));

        assertThat(condition(status, ConditionType.Ready).getReason()).isEqualTo("ProgressDeadlineExceeded");
        assertThat(message(status, ConditionType.Programmed))
                .isEqualTo(
                        "None of 2 proxies is ready yet: the roll-out is making no progress; check the pods of Deployment"
                                + " chat-proxy.");
    }

    @Test
    void aLaterRollOutReportsWhyItIsStuckWhileTheOldProxiesServe() {
        Fixtures rolling = Fixtures.healthy()
                .deployment(3, 1, 2)
                .pods(pod("77", "old", "phase: Running"), newer(waiting("ErrImagePull", NOT_FOUND)));

        WebSocketRouteStatus status = status(rolling);

        assertThat(condition(status, ConditionType.Programmed).getStatus()).isEqualTo("True");
        assertThat(condition(status, ConditionType.Ready).getReason()).isEqualTo("ImagePullBackOff");
        assertThat(Transition.between(status(Fixtures.healthy()), status))
                .extracting(Transition::reason)
                .containsExactly("ImagePullBackOff");
    }

    @Test
    void podsOfAnEarlierRevisionAndOfOthersExplainNothing() {
        Pod broken = waiting("ErrImagePull", NOT_FOUND);
        Pod mended = newer(pod("77", "b", "phase: Pending"));
        Pod foreign = newer(waiting("ErrImagePull", NOT_FOUND));
        foreign.getMetadata().getOwnerReferences().get(0).setName("other-5d");
        Pod leaving = newer(waiting("ErrImagePull", NOT_FOUND));
        leaving.getMetadata().setDeletionTimestamp("2026-01-01T00:00:00Z");

        assertThat(condition(first(broken, mended), ConditionType.Ready).getReason())
                .isEqualTo("NoReadyProxy");
        assertThat(condition(first(foreign), ConditionType.Ready).getReason()).isEqualTo("NoReadyProxy");
        assertThat(condition(first(leaving), ConditionType.Ready).getReason()).isEqualTo("NoReadyProxy");
        assertThat(condition(status(new Fixtures().deployment(1, 0, 0).pods(broken)), ConditionType.Ready)
                        .getReason())
                .isEqualTo("NoReadyProxy");
    }

    @Test
    void aPodThatTheKubeletRejectsIsReportedUnlessThereIsANewerOne() {
        Pod refused = pod("5d", "a", "{phase: Failed, reason: OutOfcpu, message: Pod was rejected}");

        assertThat(message(first(refused), ConditionType.Ready))
                .isEqualTo("The roll-out of the proxies is stuck: pod chat-proxy-5d-a failed: Pod was rejected.");
        assertThat(condition(first(refused, newer(pod("5d", "b", "phase: Pending"))), ConditionType.Ready)
                        .getReason())
                .isEqualTo("NoReadyProxy");
    }

    @Test
    void hostileMessagesAreTruncatedAndInvalidReasonsAreReplaced() {
        Pod hostile = waiting("Bad reason\\n!", "a\\r\\nForged: yes \\u001b[31m \\u202e " + "x".repeat(20_000));

        WebSocketRouteStatus status = first(hostile);

        assertThat(condition(status, ConditionType.Ready).getReason()).isEqualTo("ContainerWaiting");
        assertThat(message(status, ConditionType.Ready))
                .hasSizeLessThan(1400)
                .contains("a Forged: yes [31m \\u202e xxx")
                .doesNotContainPattern("\\p{Cntrl}");
    }

    private static Pod waiting(String reason, String message) {
        return pod("5d", "a", """
                phase: Pending
                containerStatuses:
                - name: proxy
                  image: wsroute/nope:1
                  ready: false
                  restartCount: 0
                  state: {waiting: {reason: "%s", message: "%s"}}
                """.formatted(reason, message));
    }

    private static Pod pod(String revision, String name, String status) {
        return Serialization.unmarshal("""
                apiVersion: v1
                kind: Pod
                metadata:
                  name: chat-proxy-%1$s-%2$s
                  namespace: apps
                  creationTimestamp: '2026-01-01T00:00:00Z'
                  labels: {wsroute.dev/route: chat, pod-template-hash: '%1$s'}
                  ownerReferences:
                  - {apiVersion: apps/v1, kind: ReplicaSet, name: chat-proxy-%1$s, uid: u, controller: true}
                status:
                """.formatted(revision, name) + status.indent(2), Pod.class);
    }

    private static Pod newer(Pod pod) {
        pod.getMetadata().setCreationTimestamp("2026-01-01T00:00:05Z");
        return pod;
    }

    /** The first roll-out of one replica with these pods. */
    private WebSocketRouteStatus first(Pod... pods) {
        WebSocketRoute route = Serialization.unmarshal(
                Serialization.asYaml(Fixtures.route()) + "\n  proxy: {replicas: 1}", WebSocketRoute.class);
        return factory.of(
                route,
                Fixtures.compiled(),
                new ApplyOutcome.Applied(),
                new Fixtures()
                        .deployment(1, 1, 0)
                        .pods(pods)
                        .backends(Fixtures.endpoint("b", true))
                        .observed());
    }

    private WebSocketRouteStatus status(Fixtures around) {
        return factory.of(Fixtures.route(), Fixtures.compiled(), new ApplyOutcome.Applied(), around.observed());
    }

    private static Condition condition(WebSocketRouteStatus status, ConditionType type) {
        return Conditions.find(status.conditions(), type).orElseThrow();
    }

    private static String message(WebSocketRouteStatus status, ConditionType type) {
        return condition(status, type).getMessage();
    }
}
