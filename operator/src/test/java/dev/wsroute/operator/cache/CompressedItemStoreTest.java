// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.cache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wsroute.api.v1alpha1.WebSocketRoute;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CompressedItemStoreTest {

    private final CompressedItemStore<Deployment> store =
            new CompressedItemStore<>(ObjectFormat.whole(Deployment.class), new CacheBudget(1 << 20));

    @Test
    void anObjectIsReturnedUnchanged() {
        Deployment chat = deployment("chat", 3);

        assertThat(store.put("ns/chat", chat)).isNull();

        assertThat(store.get("ns/chat")).isEqualTo(chat);
        assertThat(store.get("ns/other")).isNull();
        assertThat(store.getKey(chat)).isEqualTo("ns/chat");
        assertThat(store.size()).isEqualTo(1);
    }

    @Test
    void replacingOrRemovingReturnsThePreviousObject() {
        store.put("ns/chat", deployment("chat", 3));

        assertThat(store.put("ns/chat", deployment("chat", 4))).isEqualTo(deployment("chat", 3));
        assertThat(store.get("ns/chat")).isEqualTo(deployment("chat", 4));
        assertThat(store.remove("ns/chat")).isEqualTo(deployment("chat", 4));
        assertThat(store.remove("ns/chat")).isNull();
        assertThat(store.get("ns/chat")).isNull();
    }

    @Test
    void objectsBeyondANamespacesShareArePartialAndDoNotAffectOthers() {
        CacheBudget budget = new CacheBudget(20_000);
        var tight = new CompressedItemStore<>(ObjectFormat.whole(Deployment.class), budget);
        tight.put("ns/small", deployment("small", 1));
        for (int i = 0; i < 30; i++) {
            tight.put("greedy/d-" + i, noisy("d-" + i));
        }

        tight.put("ns/other", deployment("other", 2));

        assertThat(budget.held()).isLessThan(20_000);
        assertThat(tight.get("ns/other")).isEqualTo(deployment("other", 2));
        assertThat(tight.get("ns/small")).isEqualTo(deployment("small", 1));
        Deployment head = Objects.requireNonNull(tight.get("greedy/d-29"));
        assertThat(PartialObject.isPartial(head)).isTrue();
        assertThat(head.getMetadata().getUid()).isEqualTo("uid-d-29");
        assertThat(head.getMetadata().getResourceVersion()).isEqualTo("7");
        assertThat(head.getMetadata().getOwnerReferences()).hasSize(1);
        assertThat(head.getMetadata().getManagedFields()).isEmpty();
        assertThat(head.getSpec()).isNull();
    }

    @Test
    void releasedBudgetIsReused() {
        CacheBudget budget = new CacheBudget(20_000);
        var tight = new CompressedItemStore<>(ObjectFormat.whole(Deployment.class), budget);
        for (int i = 0; i < 30; i++) {
            tight.put("greedy/d-" + i, noisy("d-" + i));
        }

        tight.keySet().toList().forEach(tight::remove);
        assertThat(budget.held()).isZero();

        tight.put("greedy/d-29", noisy("d-29"));
        assertThat(tight.get("greedy/d-29")).isEqualTo(noisy("d-29"));
    }

    private static Deployment noisy(String name) {
        byte[] noise = new byte[800];
        new Random(name.hashCode()).nextBytes(noise);
        return new DeploymentBuilder(deployment(name, 1))
                .editMetadata()
                .withNamespace("greedy")
                .addToAnnotations("noise", Base64.getEncoder().encodeToString(noise))
                .endMetadata()
                .build();
    }

    @Test
    void manyObjectsAreKeptApart() {
        IntStream.range(0, 500).forEach(i -> store.put("ns/d-" + i, deployment("d-" + i, i)));

        assertThat(IntStream.range(0, 500).mapToObj(i -> store.get("ns/d-" + i)))
                .allSatisfy(d -> assertThat(d)
                        .isEqualTo(deployment(
                                d.getMetadata().getName(), d.getSpec().getReplicas())));
        assertThat(store.keySet()).hasSize(500);
    }

    @Test
    void valuesHaveMetadataWithoutManagedFields() {
        store.put("ns/chat", deployment("chat", 3));

        assertThat(store.values()).singleElement().satisfies(head -> {
            assertThat(head.getMetadata().getName()).isEqualTo("chat");
            assertThat(head.getMetadata().getNamespace()).isEqualTo("ns");
            assertThat(head.getMetadata().getUid()).isEqualTo("uid-chat");
            assertThat(head.getMetadata().getResourceVersion()).isEqualTo("7");
            assertThat(head.getMetadata().getLabels()).containsEntry("app", "chat");
            assertThat(head.getMetadata().getOwnerReferences()).hasSize(1);
            assertThat(head.getMetadata().getManagedFields()).isEmpty();
            assertThat(head.getSpec()).isNull();
        });
        assertThat(store.isFullState()).isFalse();
    }

    @Test
    void managedFieldsAreOmittedIfNotNeeded() {
        var lean = new CompressedItemStore<>(
                ObjectFormat.withoutManagedFields(Deployment.class), new CacheBudget(1 << 20));
        lean.put("ns/chat", deployment("chat", 3));

        assertThat(lean.get("ns/chat"))
                .isEqualTo(new DeploymentBuilder(deployment("chat", 3))
                        .editMetadata()
                        .withManagedFields(List.of())
                        .endMetadata()
                        .build());
    }

    @Test
    void aRouteIsStoredWithItsStatus() {
        WebSocketRoute route = Serialization.unmarshal("""
                apiVersion: wsroute.dev/v1alpha1
                kind: WebSocketRoute
                metadata: {name: chat, namespace: ns, generation: 3}
                spec:
                  rules:
                  - name: main
                    backendRefs:
                    - service: {name: chat, port: 8010}
                    timeouts: {idle: 1h}
                status:
                  observedGeneration: 3
                  readyEndpoints: 2
                """, WebSocketRoute.class);
        var routes = new CompressedItemStore<>(
                ObjectFormat.withoutManagedFields(WebSocketRoute.class), new CacheBudget(1 << 20));
        routes.put("ns/chat", route);

        assertThat(Serialization.asJson(routes.get("ns/chat"))).isEqualTo(Serialization.asJson(route));
        assertThat(routes.values())
                .singleElement()
                .satisfies(
                        head -> assertThat(head.getMetadata().getGeneration()).isEqualTo(3));
    }

    @Test
    void fieldsUnknownToTheModelAreKept() {
        EndpointSlice slice = Serialization.unmarshal("""
                apiVersion: discovery.k8s.io/v1
                kind: EndpointSlice
                metadata: {name: chat-1, namespace: ns}
                addressType: IPv4
                ports: []
                endpoints: []
                invented: {later: true}
                """, EndpointSlice.class);
        var slices = new CompressedItemStore<>(ObjectFormat.whole(EndpointSlice.class), new CacheBudget(1 << 20));
        slices.put("ns/chat-1", slice);

        assertThat(Serialization.asJson(slices.get("ns/chat-1"))).isEqualTo(Serialization.asJson(slice));
    }

    private static Deployment deployment(String name, int replicas) {
        return Serialization.unmarshal("""
                apiVersion: apps/v1
                kind: Deployment
                metadata:
                  name: %1$s
                  namespace: ns
                  uid: uid-%1$s
                  resourceVersion: "7"
                  labels: {app: %1$s}
                  ownerReferences:
                  - {apiVersion: wsroute.dev/v1alpha1, kind: WebSocketRoute, name: %1$s, uid: owner, controller: true}
                  managedFields:
                  - manager: wsroute-operator
                    operation: Apply
                    apiVersion: apps/v1
                    fieldsType: FieldsV1
                    fieldsV1:
                      f:metadata: {f:ownerReferences: {'k:{"uid":"owner"}': {}}}
                      f:spec: {f:replicas: {}}
                spec:
                  replicas: %2$d
                  selector: {matchLabels: {app: %1$s}}
                  template:
                    metadata: {labels: {app: %1$s}}
                    spec:
                      containers: [{name: proxy, image: wsroute/proxy:dev}]
                """.formatted(name, replicas), Deployment.class);
    }
}
