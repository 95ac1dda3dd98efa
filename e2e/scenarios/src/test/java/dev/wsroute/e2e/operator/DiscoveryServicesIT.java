// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.wsroute.api.v1alpha1.WebSocketRoute;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSliceBuilder;
import io.fabric8.kubernetes.client.dsl.Resource;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The Services for pod selectors: when they are created and deleted, and what waits for them. */
class DiscoveryServicesIT extends OperatorScenario {

    @Test
    void oneThatIsNotNeededStaysWhileItsPodsDoAndIsUsedAgain() {
        Service service = discoveryOf(apply("chat", ""));
        client.resource(slice(service, "10.244.9.1")).create();

        withoutSelector("chat");
        await().until(() -> !config("chat").contains("app=canary"));
        awaitQuiet();
        assertThat(client.resource(service).get()).isNotNull();

        edit("chat", yaml("chat", ""));
        await().until(() -> config("chat").contains("app=canary"));
        awaitQuiet();
        assertThat(client.resource(service).get().getMetadata().getUid())
                .isEqualTo(service.getMetadata().getUid());
    }

    @Test
    void anUnneededServiceIsDeletedAfterItsLastPod() {
        Service service = discoveryOf(apply("chat", ""));
        EndpointSlice slice = client.resource(slice(service, "10.244.9.1")).create();
        withoutSelector("chat");
        await().until(() -> !config("chat").contains("app=canary"));

        client.resource(new EndpointSliceBuilder(slice).withEndpoints().build()).update();

        await().until(() -> client.resource(service).get() == null);
    }

    @Test
    void theConfigurationNamesOneOnlyWhenItHasItsEndpointSlice() {
        discoveryOf(apply("chat", ""));

        edit("chat", yaml("chat", "").replace("app: canary", "app: next"));
        await().until(() -> config("chat").contains("app=next"));

        String next = client.services().inNamespace(namespace).list().getItems().stream()
                .filter(s -> "next".equals(s.getSpec().getSelector().get("app")))
                .map(s -> s.getMetadata().getName())
                .findFirst()
                .orElseThrow();
        List<EndpointSlice> slices = client.discovery()
                .v1()
                .endpointSlices()
                .inNamespace(namespace)
                .withLabel("kubernetes.io/service-name", next)
                .list()
                .getItems();
        assertThat(slices).isNotEmpty();
        assertThat(version(client.configMaps()
                        .inNamespace(namespace)
                        .withName("chat-proxy-config")
                        .get()))
                .isGreaterThan(version(slices.get(0)));
    }

    @Test
    void aChangedLabelIsRestored() {
        Service service = discoveryOf(apply("chat", ""));
        awaitQuiet();

        for (String label :
                List.of("app.kubernetes.io/component", "app.kubernetes.io/managed-by", "wsroute.dev/route")) {
            client.services()
                    .inNamespace(namespace)
                    .withName(service.getMetadata().getName())
                    .edit(s -> new ServiceBuilder(s)
                            .editMetadata()
                            .addToLabels(label, "else")
                            .endMetadata()
                            .build());
            await(label)
                    .untilAsserted(() -> assertThat(
                                    client.resource(service).get().getMetadata().getLabels())
                            .isEqualTo(service.getMetadata().getLabels()));
        }
        assertThat(client.resource(service).get().getMetadata().getUid())
                .isEqualTo(service.getMetadata().getUid());
    }

    @Test
    void aRemovedOwnerReferenceIsRestored() {
        Service service = discoveryOf(apply("chat", ""));
        awaitQuiet();

        client.resource(service)
                .edit(s -> new ServiceBuilder(s)
                        .editMetadata()
                        .withOwnerReferences()
                        .endMetadata()
                        .build());

        await().untilAsserted(() ->
                assertThat(owned(Service.class)).contains(service.getMetadata().getName()));
    }

    private Service discoveryOf(WebSocketRoute route) {
        String name = route.getMetadata().getName();
        await().until(() -> owned(Service.class).size() == 2);
        awaitProgrammed(name, "NoReadyProxy");
        Resource<Service> found = client.services()
                .inNamespace(namespace)
                .withName(owned(Service.class).stream()
                        .filter(n -> n.startsWith("wsroute-"))
                        .findFirst()
                        .orElseThrow());
        return found.get();
    }

    /** With the Service's labels, as the controller of Kubernetes creates it. */
    private EndpointSlice slice(Service service, String address) {
        return new EndpointSliceBuilder()
                .withNewMetadata()
                .withNamespace(namespace)
                .withName(service.getMetadata().getName() + "-test")
                .withLabels(service.getMetadata().getLabels())
                .addToLabels("kubernetes.io/service-name", service.getMetadata().getName())
                .endMetadata()
                .withAddressType("IPv4")
                .addNewPort()
                .withName("ws")
                .withPort(8010)
                .endPort()
                .addNewEndpoint()
                .withAddresses(address)
                .withNewConditions()
                .withReady(true)
                .endConditions()
                .endEndpoint()
                .build();
    }

    private void withoutSelector(String name) {
        edit(name, yaml(name, "").replaceAll("(?m)^    - podSelector(.*\\n){2}", ""));
    }

    private static long version(HasMetadata object) {
        return Long.parseLong(object.getMetadata().getResourceVersion());
    }
}
