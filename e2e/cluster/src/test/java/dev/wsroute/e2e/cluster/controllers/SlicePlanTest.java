// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.cluster.controllers;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.Endpoint;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointConditions;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointPort;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSliceBuilder;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SlicePlanTest {

    private static final Service SERVICE = new ServiceBuilder()
            .withNewMetadata()
            .withName("chat")
            .endMetadata()
            .withNewSpec()
            .addNewPort()
            .withName("ws")
            .withPort(80)
            .withNewTargetPort("web")
            .endPort()
            .endSpec()
            .build();

    private static Pod pod(int number, int port, boolean ready, boolean terminating) {
        return new PodBuilder()
                .withNewMetadata()
                .withNamespace("apps")
                .withName("chat-" + number)
                .withUid("uid-" + number)
                .withDeletionTimestamp(terminating ? "2026-01-01T00:00:00Z" : null)
                .endMetadata()
                .withNewSpec()
                .withNodeName("node")
                .addNewContainer()
                .addNewPort()
                .withName("web")
                .withContainerPort(port)
                .endPort()
                .endContainer()
                .endSpec()
                .withNewStatus()
                .withPhase("Running")
                .withPodIP("127.10.0." + number)
                .addNewCondition()
                .withType("Ready")
                .withStatus(ready ? "True" : "False")
                .endCondition()
                .endStatus()
                .build();
    }

    private static EndpointConditions conditions(Pod pod) {
        return PodEndpoints.of(SERVICE, List.of(pod))
                .values()
                .iterator()
                .next()
                .get(0)
                .getConditions();
    }

    @Test
    void theZoneIsWhatThePodsLabelSays() {
        Pod pod = pod(1, 8010, true, false);
        Pod labelled = new PodBuilder(pod)
                .editMetadata()
                .addToLabels("topology.kubernetes.io/zone", "a")
                .endMetadata()
                .build();

        assertThat(zone(pod)).isNull();
        assertThat(zone(labelled)).isEqualTo("a");
    }

    private static @Nullable String zone(Pod pod) {
        return PodEndpoints.of(SERVICE, List.of(pod))
                .values()
                .iterator()
                .next()
                .get(0)
                .getZone();
    }

    @Test
    void aTerminatingPodIsServingWhileItIsReadyButNeverReadyItself() {
        assertThat(conditions(pod(1, 8010, true, false))).isEqualTo(new EndpointConditions(true, true, false));
        assertThat(conditions(pod(1, 8010, false, false))).isEqualTo(new EndpointConditions(false, false, false));
        assertThat(conditions(pod(1, 8010, true, true))).isEqualTo(new EndpointConditions(false, true, true));
        assertThat(conditions(pod(1, 8010, false, true))).isEqualTo(new EndpointConditions(false, false, true));
    }

    @Test
    void podsWithOtherNumbersForANamedPortGoToASliceOfTheirOwn() {
        Map<List<EndpointPort>, List<Endpoint>> groups =
                PodEndpoints.of(SERVICE, List.of(pod(1, 8010, true, false), pod(2, 8020, true, false)));

        SlicePlan plan = SlicePlan.of(List.of(), groups);

        assertThat(plan.create())
                .extracting(content -> content.ports().get(0).getPort())
                .containsExactlyInAnyOrder(8010, 8020);
    }

    @Test
    void aSliceHoldsAHundredEndpointsAtMost() {
        Map<List<EndpointPort>, List<Endpoint>> groups = PodEndpoints.of(
                SERVICE,
                IntStream.rangeClosed(1, 205)
                        .mapToObj(i -> pod(i, 8010, true, false))
                        .toList());

        assertThat(SlicePlan.of(List.of(), groups).create())
                .extracting(content -> content.endpoints().size())
                .containsExactly(100, 100, 5);
    }

    @Test
    void endpointsKeepTheirPlaceAndNewOnesFillTheRoom() {
        Map<List<EndpointPort>, List<Endpoint>> before =
                PodEndpoints.of(SERVICE, List.of(pod(1, 8010, true, false), pod(2, 8010, true, false)));
        EndpointSlice slice = slice(before);

        SlicePlan plan = SlicePlan.of(
                List.of(slice),
                PodEndpoints.of(
                        SERVICE,
                        List.of(pod(3, 8010, true, false), pod(2, 8010, false, false), pod(1, 8010, true, false))));

        assertThat(plan.create()).isEmpty();
        assertThat(plan.delete()).isEmpty();
        assertThat(plan.update().get(slice))
                .extracting(endpoint -> endpoint.getTargetRef().getName())
                .containsExactly("chat-1", "chat-2", "chat-3");
    }

    @Test
    void aServiceWithoutPodsKeepsOneEmptySlice() {
        EndpointSlice slice = slice(PodEndpoints.of(SERVICE, List.of(pod(1, 8010, true, false))));

        assertThat(SlicePlan.of(List.of(), Map.of()).create()).hasSize(1);
        SlicePlan emptied = SlicePlan.of(List.of(slice), Map.of());

        assertThat(emptied.create().size() + emptied.update().size()).isEqualTo(1);
    }

    private static EndpointSlice slice(Map<List<EndpointPort>, List<Endpoint>> content) {
        var entry = content.entrySet().iterator().next();
        return new EndpointSliceBuilder()
                .withNewMetadata()
                .withName("chat-abcde")
                .endMetadata()
                .withPorts(entry.getKey())
                .withEndpoints(entry.getValue())
                .build();
    }
}
