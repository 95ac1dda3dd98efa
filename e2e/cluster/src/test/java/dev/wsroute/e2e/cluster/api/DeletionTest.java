// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.cluster.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.DeletionPropagation;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.StatusCause;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.List;
import org.junit.jupiter.api.Test;

class DeletionTest extends ApiUnderTest {

    @Test
    void aFinalizerHoldsAnObjectUntilItIsRemoved() {
        ConfigMap held = configMap("c", "k", "1");
        held.getMetadata().setFinalizers(List.of("test.wsroute.dev/hold"));
        client.resource(held).create();

        client.configMaps().withName("c").delete();
        ConfigMap leaving = client.configMaps().withName("c").get();
        assertThat(leaving.getMetadata().getDeletionTimestamp()).isNotNull();

        client.configMaps().withName("c").edit(c -> {
            c.getMetadata().setFinalizers(null);
            return c;
        });
        assertThat(client.configMaps().withName("c").get()).isNull();
    }

    @Test
    void aRunningPodStaysUntilItsNodeDeletesItWithoutGrace() {
        client.resource(pod("p", "node")).create();

        client.pods().withName("p").delete();
        Pod leaving = client.pods().withName("p").get();
        assertThat(leaving.getMetadata().getDeletionGracePeriodSeconds()).isEqualTo(7);
        assertThat(leaving.getMetadata().getDeletionTimestamp()).isNotNull();

        client.pods().withName("p").withGracePeriod(0).delete();
        assertThat(client.pods().withName("p").get()).isNull();
    }

    @Test
    void anUnscheduledPodIsDeletedAtOnce() {
        client.resource(pod("p", null)).create();

        client.pods().withName("p").delete();

        assertThat(client.pods().withName("p").get()).isNull();
    }

    @Test
    void orphaningTakesTheOwnerFromItsDependents() {
        ConfigMap owner = client.resource(configMap("owner", "k", "1")).create();
        ConfigMap dependent = configMap("dependent", "k", "1");
        dependent
                .getMetadata()
                .setOwnerReferences(List.of(new OwnerReferenceBuilder()
                        .withApiVersion("v1")
                        .withKind("ConfigMap")
                        .withName("owner")
                        .withUid(owner.getMetadata().getUid())
                        .build()));
        client.resource(dependent).create();

        client.configMaps()
                .withName("owner")
                .withPropagationPolicy(DeletionPropagation.ORPHAN)
                .delete();

        assertThat(client.configMaps().withName("dependent").get().getMetadata().getOwnerReferences())
                .isEmpty();
    }

    @Test
    void aNamespaceTakesItsContentAlongAndLetsNothingNewIn() {
        client.resource(new NamespaceBuilder()
                        .withNewMetadata()
                        .withName("ns")
                        .endMetadata()
                        .build())
                .create();
        ConfigMap held = configMap("held", "k", "1");
        held.getMetadata().setNamespace("ns");
        held.getMetadata().setFinalizers(List.of("test.wsroute.dev/hold"));
        client.resource(held).create();
        ConfigMap other = configMap("other", "k", "1");
        other.getMetadata().setNamespace("ns");
        client.resource(other).create();

        client.namespaces().withName("ns").delete();

        assertThat(client.namespaces().withName("ns").get().getStatus().getPhase())
                .isEqualTo("Terminating");
        assertThat(client.resource(other).get()).isNull();
        assertThatThrownBy(() -> client.resource(other).create())
                .isInstanceOfSatisfying(KubernetesClientException.class, e -> {
                    assertThat(e.getCode()).isEqualTo(403);
                    assertThat(e.getStatus().getDetails().getCauses())
                            .extracting(StatusCause::getReason)
                            .containsExactly("NamespaceTerminating");
                })
                .hasMessageContaining("because it is being terminated");

        client.resource(held).edit(c -> {
            c.getMetadata().setFinalizers(null);
            return c;
        });
        assertThat(client.namespaces().withName("ns").get()).isNull();
    }

    private static Pod pod(String name, String node) {
        return new PodBuilder()
                .withNewMetadata()
                .withName(name)
                .withNamespace("default")
                .endMetadata()
                .withNewSpec()
                .withNodeName(node)
                .withTerminationGracePeriodSeconds(7L)
                .addNewContainer()
                .withName("main")
                .withImage("example/main:1")
                .endContainer()
                .endSpec()
                .build();
    }
}
