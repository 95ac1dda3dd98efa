package dev.wsroute.e2e.cluster;

import static dev.wsroute.e2e.cluster.Manifests.NAMESPACE;
import static dev.wsroute.e2e.cluster.Manifests.deployment;
import static dev.wsroute.e2e.cluster.Manifests.pod;
import static dev.wsroute.e2e.cluster.Manifests.service;
import static dev.wsroute.e2e.cluster.Manifests.shell;
import static dev.wsroute.e2e.cluster.Manifests.template;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentStatus;
import io.fabric8.kubernetes.api.model.discovery.v1.Endpoint;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import io.fabric8.kubernetes.client.dsl.Resource;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(90)
class EmbeddedClusterTest {

    private static final String RUNNING = "trap 'exit 0' TERM; while :; do sleep 0.1; done";
    private static final String DEAF = "trap : TERM; while :; do sleep 0.1; done";
    private static final Duration SOON = Duration.ofSeconds(30);

    private static EmbeddedCluster cluster;
    private static KubernetesClient client;

    @BeforeAll
    static void startCluster(@TempDir Path directory) {
        cluster = EmbeddedCluster.builder().directory(directory).start();
        client = cluster.newClient();
    }

    @AfterAll
    static void stopCluster() {
        client.close();
        cluster.close();
    }

    private static Resource<Pod> podNamed(String name) {
        return client.pods().inNamespace(NAMESPACE).withName(name);
    }

    private static ContainerStatus containerOf(String pod) {
        return podNamed(pod).get().getStatus().getContainerStatuses().get(0);
    }

    private static long processOf(String pod) {
        await().atMost(SOON)
                .until(() -> podNamed(pod).get().getStatus().getContainerStatuses().stream()
                        .anyMatch(status -> status.getState().getRunning() != null));
        return Long.parseLong(containerOf(pod).getContainerID().replace("process://", ""));
    }

    private static List<Endpoint> endpointsOf(String service) {
        return client
                .discovery()
                .v1()
                .endpointSlices()
                .inNamespace(NAMESPACE)
                .withLabel("kubernetes.io/service-name", service)
                .list()
                .getItems()
                .stream()
                .flatMap(slice -> slice.getEndpoints().stream())
                .toList();
    }

    private static void awaitRollout(Deployment deployment) {
        await().atMost(SOON).until(() -> {
            Deployment now = client.resource(deployment).get();
            DeploymentStatus status = now.getStatus();
            return status != null
                    && Objects.equals(
                            status.getObservedGeneration(), now.getMetadata().getGeneration())
                    && Objects.equals(status.getUpdatedReplicas(), now.getSpec().getReplicas())
                    && Objects.equals(status.getReplicas(), status.getUpdatedReplicas())
                    && Objects.equals(status.getAvailableReplicas(), status.getUpdatedReplicas());
        });
    }

    /** Ready after a third of a second, as a file in a volume says, which an exec probe looks for. */
    private static Container slowToBeReady() {
        return new ContainerBuilder(shell("sleep 0.3; touch $READY; " + RUNNING))
                .addNewEnv()
                .withName("READY")
                .withValue("/scratch/ready")
                .endEnv()
                .addNewVolumeMount()
                .withName("scratch")
                .withMountPath("/scratch")
                .endVolumeMount()
                .withNewReadinessProbe()
                .withNewExec()
                .withCommand("sh", "-c", "test -f $READY")
                .endExec()
                .endReadinessProbe()
                .build();
    }

    @Test
    void aRollingUpdateKeepsAsManyReadyEndpointsAsMayNotBeMissing() throws Exception {
        Deployment deployment = deployment("rolling", 3, template("rolling", slowToBeReady(), 1))
                .edit()
                .editSpec()
                .withNewStrategy()
                .withNewRollingUpdate()
                .withMaxSurge(new IntOrString(1))
                .withMaxUnavailable(new IntOrString(0))
                .endRollingUpdate()
                .endStrategy()
                .endSpec()
                .build();
        client.resource(service("rolling", "ClusterIP")).create();
        client.resource(deployment).create();
        awaitRollout(deployment);
        await().atMost(SOON).until(() -> ready(endpointsOf("rolling")) == 3);
        List<String> before =
                endpointsOf("rolling").stream().map(EmbeddedClusterTest::podOf).toList();

        List<Long> seen = new CopyOnWriteArrayList<>();
        List<Integer> pods = new CopyOnWriteArrayList<>();
        Watch watch = watchSlices("rolling", slice -> seen.add(ready(slice.getEndpoints())));
        try {
            client.resource(deployment)
                    .edit(present -> present.edit()
                            .editSpec()
                            .editTemplate()
                            .editMetadata()
                            .addToAnnotations("rolled", "1")
                            .endMetadata()
                            .endTemplate()
                            .endSpec()
                            .build());
            await().atMost(SOON).pollInterval(Duration.ofMillis(50)).until(() -> {
                List<Endpoint> now = endpointsOf("rolling");
                pods.add((int) now.stream()
                        .filter(endpoint -> !endpoint.getConditions().getTerminating())
                        .count());
                return now.size() == 3
                        && now.stream().map(EmbeddedClusterTest::podOf).noneMatch(before::contains);
            });
            awaitRollout(deployment);
        } finally {
            watch.close();
        }

        assertThat(seen).as("changes of the slice").hasSizeGreaterThan(6).allMatch(count -> count >= 3);
        assertThat(pods).as("pods that do not terminate").allMatch(count -> count <= 4);
    }

    private static long ready(List<Endpoint> endpoints) {
        return endpoints.stream()
                .filter(endpoint -> endpoint.getConditions().getReady())
                .count();
    }

    private static String podOf(Endpoint endpoint) {
        return endpoint.getTargetRef().getName();
    }

    private static Watch watchSlices(String service, java.util.function.Consumer<EndpointSlice> seen) {
        return client.discovery()
                .v1()
                .endpointSlices()
                .inNamespace(NAMESPACE)
                .withLabel("kubernetes.io/service-name", service)
                .watch(new Watcher<EndpointSlice>() {
                    @Override
                    public void eventReceived(Action action, EndpointSlice slice) {
                        seen.accept(slice);
                    }

                    @Override
                    public void onClose(WatcherException cause) {
                        throw new IllegalStateException("the watch broke", cause);
                    }
                });
    }

    @Test
    void aDeletedPodIsTerminatingAndServingUntilItIsKilledAfterItsGracePeriod() {
        client.resource(service("deaf", "ClusterIP")).create();
        client.resource(pod("deaf", shell(DEAF), 2)).create();
        long process = processOf("deaf");
        await().atMost(SOON).until(() -> ready(endpointsOf("deaf")) == 1);

        long deleted = System.nanoTime();
        podNamed("deaf").delete();

        await().pollInterval(Duration.ofMillis(2))
                .atMost(Duration.ofSeconds(1))
                .until(() -> endpointsOf("deaf").get(0).getConditions().getTerminating());
        Endpoint endpoint = endpointsOf("deaf").get(0);
        assertThat(endpoint.getConditions().getReady()).isFalse();
        assertThat(endpoint.getConditions().getServing()).isTrue();
        assertThat(endpoint.getTargetRef().getUid())
                .isEqualTo(podNamed("deaf").get().getMetadata().getUid());

        await().atMost(SOON).until(() -> podNamed("deaf").get() == null);
        assertThat(Duration.ofNanos(System.nanoTime() - deleted)).isGreaterThanOrEqualTo(Duration.ofSeconds(2));
        assertThat(ProcessHandle.of(process)).isEmpty();
        await().atMost(SOON).until(() -> endpointsOf("deaf").isEmpty());
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

        await().atMost(Duration.ofSeconds(12)).until(() -> podNamed("flapping").get() == null);
    }

    @Test
    void aPodThatObeysSigtermDoesNotWaitForItsGracePeriod() {
        client.resource(pod("obedient", shell(RUNNING), 60)).create();
        processOf("obedient");

        podNamed("obedient").delete();

        await().atMost(SOON).until(() -> podNamed("obedient").get() == null);
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

        await().atMost(SOON)
                .until(() -> containerOf("crash").getRestartCount() == 1
                        && containerOf("crash").getState().getRunning() != null);
        Pod after = podNamed("crash").get();
        assertThat(after.getMetadata().getUid()).isEqualTo(before.getMetadata().getUid());
        assertThat(after.getStatus().getPodIP()).isEqualTo(before.getStatus().getPodIP());
        assertThat(containerOf("crash").getLastState().getTerminated().getExitCode())
                .isEqualTo(137);
        Path starts = cluster.directory().resolve("pods/" + before.getMetadata().getUid() + "/volumes/scratch/starts");
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(Files.readAllLines(starts)).hasSize(2));

        podNamed("crash").delete();
        await().atMost(SOON).until(() -> Files.notExists(starts));
    }

    @Test
    void aContainerThatEndsAgainAndAgainIsHeldBack() {
        client.resource(pod("looping", shell("echo I give up; exit 3"), 1)).create();

        await().atMost(SOON)
                .until(() -> podNamed("looping").get().getStatus().getContainerStatuses().stream()
                        .anyMatch(status -> status.getState().getWaiting() != null
                                && "CrashLoopBackOff"
                                        .equals(status.getState().getWaiting().getReason())
                                && status.getLastState().getTerminated().getExitCode() == 3));
        assertThat(client.pods().inNamespace(NAMESPACE).withName("looping").getLog())
                .isEqualTo("I give up\n");
        podNamed("looping").delete();
    }

    @Test
    void anImageThatNobodyKnowsIsSaidToBeMissing() {
        Container unknown = new ContainerBuilder()
                .withName("main")
                .withImage("nowhere/nothing:1")
                .build();
        client.resource(pod("unknown", unknown, 1)).create();

        await().atMost(SOON)
                .until(() -> podNamed("unknown").get().getStatus() != null
                        && podNamed("unknown").get().getStatus().getContainerStatuses().stream()
                                .anyMatch(status -> status.getState().getWaiting() != null
                                        && "ErrImagePull"
                                                .equals(status.getState()
                                                        .getWaiting()
                                                        .getReason())
                                        && status.getState()
                                                .getWaiting()
                                                .getMessage()
                                                .contains("nowhere/nothing:1")));
        podNamed("unknown").delete();
        await().atMost(SOON).until(() -> podNamed("unknown").get() == null);
    }

    @Test
    void recreateEndsTheOldPodsBeforeTheNewOnesBegin() {
        Deployment deployment = deployment("recreated", 1, template("recreated", shell(RUNNING), 5))
                .edit()
                .editSpec()
                .withNewStrategy()
                .withType("Recreate")
                .endStrategy()
                .endSpec()
                .build();
        client.resource(deployment).create();
        awaitRollout(deployment);
        List<Integer> counts = new CopyOnWriteArrayList<>();

        client.resource(deployment)
                .edit(present -> present.edit()
                        .editSpec()
                        .editTemplate()
                        .editMetadata()
                        .addToLabels("generation", "two")
                        .endMetadata()
                        .endTemplate()
                        .endSpec()
                        .build());

        await().atMost(SOON).pollInterval(Duration.ofMillis(5)).until(() -> {
            List<Pod> pods = client.pods()
                    .inNamespace(NAMESPACE)
                    .withLabel("app", "recreated")
                    .list()
                    .getItems();
            counts.add((int) pods.stream()
                    .filter(pod -> List.of("Pending", "Running")
                            .contains(pod.getStatus().getPhase()))
                    .count());
            return pods.size() == 1 && pods.get(0).getMetadata().getLabels().containsKey("generation");
        });
        assertThat(counts).allMatch(count -> count <= 1);
        awaitRollout(deployment);
    }
}
