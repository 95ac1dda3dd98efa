// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator;

import static dev.wsroute.operator.MockedReconciler.NAMESPACE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import dev.wsroute.api.v1alpha1.WebSocketRoute;
import dev.wsroute.operator.mock.MockApi;
import dev.wsroute.operator.testkit.ChatService;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Backends in another namespace: an older version of ReferenceGrant, a namespace that takes no objects, and routes with faults. */
class GrantsOnMockTest {

    private final MockedReconciler mocked = new MockedReconciler();

    @AfterEach
    void stop() {
        mocked.close();
    }

    @Test
    void withoutGrantsInTheClusterNothingIsLogged() {
        mocked.start().apply("chat");
        mocked.awaitReason("chat", "Programmed", "NoReadyProxy");

        assertThat(mocked.log(Level.INFO)).noneMatch(line -> line.contains("ReferenceGrant"));
    }

    @Test
    void anOlderVersionIsEnough() {
        sharedBackend();
        mocked.start();
        applyWithBackendElsewhere();

        mocked.awaitReason("chat", "ResolvedRefs", "ResolvedRefs");
        await().until(() -> mocked.api.writes().contains(rights("rolebindings")));
        assertThat(mocked.api
                        .client()
                        .rbac()
                        .roleBindings()
                        .inNamespace("shared")
                        .withName("apps.chat-proxy")
                        .require()
                        .getMetadata()
                        .getOwnerReferences())
                .singleElement()
                .satisfies(owner -> assertThat(owner.getApiVersion()).isEqualTo("gateway.networking.k8s.io/v1beta1"));
    }

    @Test
    void aNamespaceThatTakesNoObjectsHoldsUpNothingElse() {
        sharedBackend();
        mocked.api
                .expect()
                .patch()
                .withPath("/apis/rbac.authorization.k8s.io/v1/namespaces/shared/rolebindings/apps.chat-proxy"
                        + "?fieldManager=wsroute-operator&force=true")
                .andReturn(403, MockApi.failure(403, "Forbidden", "the namespace is being terminated"))
                .always();
        mocked.start();
        applyWithBackendElsewhere();

        mocked.awaitReason("chat", "Programmed", "ApplyFailed");
        assertThat(mocked.condition("chat", "Programmed").orElseThrow().getMessage())
                .isEqualTo(
                        "RoleBinding shared/apps.chat-proxy, by which proxies may read the endpoints there, cannot be"
                                + " written. The Kubernetes API rejected an object: the namespace is being terminated.");
        assertThat(mocked.writes("chat")).contains("configmaps/chat-proxy-config", "deployments/chat-proxy");
        mocked.reconcileAgain();
        assertThat(mocked.log(Level.WARN))
                .filteredOn(line -> line.contains("cannot be written"))
                .hasSize(1);
    }

    @Test
    void aRouteThatIsNotAcceptedLosesWhatIsWithdrawnAndNothingElse() {
        GenericKubernetesResource grant = sharedBackend();
        mocked.start();
        applyWithBackendElsewhere();
        await().until(() -> config().contains("service/shared/chat:ws"));

        mocked.api
                .client()
                .resources(WebSocketRoute.class)
                .inNamespace(NAMESPACE)
                .withName("chat")
                .patch(PatchContext.of(PatchType.JSON_MERGE), "{\"spec\":{\"hostnames\":[\"Not a host\"]}}");
        mocked.awaitReason("chat", "Accepted", "Invalid");
        assertThat(config()).contains("service/shared/chat:ws");
        mocked.api.client().resource(grant).delete();

        await().until(() -> !config().contains("service/shared/chat:ws"));
        assertThat(config()).contains("service/chat:ws");
        // A grant that was edited still owns them, so garbage collection, which the mock does not have, would not do
        // it.
        await().until(() -> mocked.api
                        .client()
                        .rbac()
                        .roleBindings()
                        .inNamespace("shared")
                        .withName("apps.chat-proxy")
                        .get()
                == null);
    }

    private String config() {
        var map = mocked.api
                .client()
                .configMaps()
                .inNamespace(NAMESPACE)
                .withName("chat-proxy-config")
                .get();
        return map == null ? "" : map.getData().get("proxy-config.json");
    }

    private static String rights(String plural) {
        return "PATCH /apis/rbac.authorization.k8s.io/v1/namespaces/shared/" + plural + "/apps.chat-proxy";
    }

    private GenericKubernetesResource sharedBackend() {
        mocked.api.serveGrants("v1beta1");
        Service shared = ChatService.create();
        shared.getMetadata().setNamespace("shared");
        mocked.api.client().resource(shared).create();
        return mocked.api
                .client()
                .resource(Serialization.unmarshal("""
                        apiVersion: gateway.networking.k8s.io/v1beta1
                        kind: ReferenceGrant
                        metadata: {name: chat, namespace: shared}
                        spec:
                          from: [{group: wsroute.dev, kind: WebSocketRoute, namespace: apps}]
                          to: [{group: "", kind: Service, name: chat}]
                        """, GenericKubernetesResource.class))
                .create();
    }

    private void applyWithBackendElsewhere() {
        mocked.api
                .client()
                .resource(Serialization.unmarshal("""
                        apiVersion: wsroute.dev/v1alpha1
                        kind: WebSocketRoute
                        metadata: {name: chat, namespace: apps}
                        spec:
                          rules:
                          - name: main
                            backendRefs:
                            - service: {name: chat, port: ws}
                            - service: {name: chat, port: ws}
                              namespace: shared
                          proxy: {replicas: 1}
                        """, WebSocketRoute.class))
                .create();
    }
}
