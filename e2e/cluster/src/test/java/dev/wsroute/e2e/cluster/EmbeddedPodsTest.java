// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.cluster;

import static dev.wsroute.e2e.cluster.TestManifests.NAMESPACE;
import static dev.wsroute.e2e.cluster.TestManifests.pod;
import static dev.wsroute.e2e.cluster.TestManifests.service;
import static dev.wsroute.e2e.cluster.TestManifests.shell;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.discovery.v1.Endpoint;
import io.fabric8.kubernetes.client.dsl.Resource;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** How pods end, restart, and are delayed. */
class EmbeddedPodsTest extends EmbeddedClusterFixture {

    private static final String DEAF = "trap : TERM; while :; do sleep 0.1; done";

    private static Resource<Pod> podNamed(String name) {
        return client.pods().inNamespace(NAMESPACE).withName(name);
    }

    private static String logOf(String name) {
        return client.pods().inNamespace(NAMESPACE).withName(name).getLog();
    }

    private static ContainerStatus containerOf(String pod) {
        return podNamed(pod).get().getStatus().getContainerStatuses().get(0);
    }

    private static long processOf(String pod) {
        await().until(() -> podNamed(pod).get().getStatus().getContainerStatuses().stream()
                .anyMatch(status -> status.getState().getRunning() != null));
        return Long.parseLong(containerOf(pod).getContainerID().replace("process://", ""));
    }

    @Test
    void aDeletedPodIsTerminatingAndServingUntilItIsKilledAfterItsGracePeriod() {
        client.resource(service("deaf", "ClusterIP")).create();
        client.resource(pod("deaf", shell(DEAF), 2)).create();
        long process = processOf("deaf");
        await().until(() -> ready(endpointsOf("deaf")) == 1);

        long deleted = System.nanoTime();
        podNamed("deaf").delete();

        await().pollInterval(Duration.ofMillis(2))
                .until(() -> endpointsOf("deaf").get(0).getConditions().getTerminating());
        Endpoint endpoint = endpointsOf("deaf").get(0);
        assertThat(endpoint.getConditions().getReady()).isFalse();
        assertThat(endpoint.getConditions().getServing()).isTrue();
        assertThat(endpoint.getTargetRef().getUid())
                .isEqualTo(podNamed("deaf").get().getMetadata().getUid());

        await().until(() -> podNamed("deaf").get() == null);
        assertThat(Duration.ofNanos(System.nanoTime() - deleted)).isGreaterThanOrEqualTo(Duration.ofSeconds(2));
        assertThat(ProcessHandle.of(process)).isEmpty();
        await().until(() -> endpointsOf("deaf").isEmpty());
    }

    @Test
    void aPodWhoseReadinessChangesWhileItTerminatesIsKilledAllTheSame() {
        Container flapping = new ContainerBuilder(shell(DEAF))
                .withNewReadinessProbe()
                .withPeriodSeconds(1)
                .withFailureThreshold(1)
                .withNewExec()
                .withCommand("sh", "-c", "test $(( $(date +%s) % 2 )) = 0")
                .endExec()
                .endReadinessProbe()
                .build();
        client.resource(pod("flapping", flapping, 3)).create();
        processOf("flapping");

        podNamed("flapping").delete();

        await().until(() -> podNamed("flapping").get() == null);
    }

    @Test
    void aPodThatObeysSigtermDoesNotWaitForItsGracePeriod() {
        client.resource(pod("obedient", shell(RUNNING), 60)).create();
        processOf("obedient");

        podNamed("obedient").delete();

        await().until(() -> podNamed("obedient").get() == null);
    }

    @Test
    void aKilledContainerStartsAgainInItsPodWithItsAddressAndItsVolumes() {
        Container counting = new ContainerBuilder(shell("echo start >> $STARTS; " + RUNNING))
                .addNewEnv()
                .withName("STARTS")
                .withValue("/scratch/starts")
                .endEnv()
                .addNewVolumeMount()
                .withName("scratch")
                .withMountPath("/scratch")
                .endVolumeMount()
                .build();
        client.resource(pod("crash", counting, 1)).create();
        long process = processOf("crash");
        Pod before = podNamed("crash").get();

        ProcessHandle.of(process).orElseThrow().destroyForcibly();

        await().until(() -> containerOf("crash").getRestartCount() == 1
                && containerOf("crash").getState().getRunning() != null);
        Pod after = podNamed("crash").get();
        assertThat(after.getMetadata().getUid()).isEqualTo(before.getMetadata().getUid());
        assertThat(after.getStatus().getPodIP()).isEqualTo(before.getStatus().getPodIP());
        assertThat(containerOf("crash").getLastState().getTerminated().getExitCode())
                .isEqualTo(137);
        Path starts = cluster.directory().resolve("pods/" + before.getMetadata().getUid() + "/volumes/scratch/starts");
        await().untilAsserted(() -> assertThat(Files.readAllLines(starts)).hasSize(2));

        podNamed("crash").delete();
        await().until(() -> Files.notExists(starts));
    }

    @Test
    void aContainerThatEndsAgainAndAgainIsHeldBack() {
        client.resource(pod("looping", shell("echo I give up; exit 3"), 1)).create();

        await().until(() -> podNamed("looping").get().getStatus().getContainerStatuses().stream()
                .anyMatch(status -> status.getState().getWaiting() != null
                        && "CrashLoopBackOff"
                                .equals(status.getState().getWaiting().getReason())
                        && status.getLastState().getTerminated().getExitCode() == 3));
        assertThat(logOf("looping")).isEqualTo("I give up\n");
        podNamed("looping").delete();
    }

    @Test
    void aPodHasTheIdentityOfItsServiceAccountUnlessItWantsNone() {
        Container telling = shell("cat ${KUBECONFIG:-/nowhere} || echo none; " + RUNNING);
        Pod known = pod("known", telling, 1);
        known.getSpec().setServiceAccountName("sampler");
        client.resource(known).create();
        Pod unknown = pod("anonymous", telling, 1);
        unknown.getSpec().setAutomountServiceAccountToken(false);
        client.resource(unknown).create();

        await().ignoreExceptions()
                .untilAsserted(() -> assertThat(logOf("known")).contains("'system:serviceaccount:default:sampler:"));
        await().ignoreExceptions()
                .untilAsserted(() -> assertThat(logOf("anonymous")).contains("none"));
        podNamed("known").delete();
        podNamed("anonymous").delete();
    }

    @Test
    void anUnknownImageIsReportedAsMissing() {
        Container unknown = new ContainerBuilder()
                .withName("main")
                .withImage("nowhere/nothing:1")
                .build();
        client.resource(pod("unknown", unknown, 1)).create();

        await().until(() -> podNamed("unknown").get().getStatus() != null
                && podNamed("unknown").get().getStatus().getContainerStatuses().stream()
                        .anyMatch(status -> status.getState().getWaiting() != null
                                && "ErrImagePull"
                                        .equals(status.getState().getWaiting().getReason())
                                && status.getState().getWaiting().getMessage().contains("nowhere/nothing:1")));
        podNamed("unknown").delete();
        await().until(() -> podNamed("unknown").get() == null);
    }
}
