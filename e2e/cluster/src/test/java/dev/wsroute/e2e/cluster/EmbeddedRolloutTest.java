// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.cluster;

import static dev.wsroute.e2e.cluster.TestManifests.NAMESPACE;
import static dev.wsroute.e2e.cluster.TestManifests.deployment;
import static dev.wsroute.e2e.cluster.TestManifests.service;
import static dev.wsroute.e2e.cluster.TestManifests.shell;
import static dev.wsroute.e2e.cluster.TestManifests.template;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentStatus;
import io.fabric8.kubernetes.api.model.discovery.v1.Endpoint;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** How a Deployment replaces its pods. */
class EmbeddedRolloutTest extends EmbeddedClusterFixture {

    private static void awaitRollout(Deployment deployment) {
        await().until(() -> {
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

    /** Becomes ready after a third of a second, when an exec probe finds a file in a volume. */
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
        await().until(() -> ready(endpointsOf("rolling")) == 3);
        List<String> before =
                endpointsOf("rolling").stream().map(EmbeddedRolloutTest::podOf).toList();

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
            await().pollInterval(Duration.ofMillis(50)).until(() -> {
                List<Endpoint> now = endpointsOf("rolling");
                pods.add((int) now.stream()
                        .filter(endpoint -> !endpoint.getConditions().getTerminating())
                        .count());
                return now.size() == 3
                        && now.stream().map(EmbeddedRolloutTest::podOf).noneMatch(before::contains);
            });
            awaitRollout(deployment);
        } finally {
            watch.close();
        }

        assertThat(seen).as("changes of the slice").hasSizeGreaterThan(6).allMatch(count -> count >= 3);
        assertThat(pods).as("pods that do not terminate").allMatch(count -> count <= 4);
    }

    private static String podOf(Endpoint endpoint) {
        return endpoint.getTargetRef().getName();
    }

    private static Watch watchSlices(String service, Consumer<EndpointSlice> seen) {
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
}
