// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator;

import static dev.wsroute.operator.MockedReconciler.NAMESPACE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import dev.wsroute.api.v1alpha1.WebSocketPolicy;
import dev.wsroute.api.v1alpha1.WebSocketPolicyStatus.Ancestor;
import dev.wsroute.operator.mock.MockApi;
import dev.wsroute.operator.testkit.ChatService;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.KubernetesResourceList;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import io.fabric8.kubernetes.client.dsl.NonNamespaceOperation;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What policies do to the configuration and the status of routes, and what their own status says. */
class PoliciesOnMockTest {

    private static final String AFFECTED = "wsroute.dev/WebSocketPolicyAffected";

    private final MockedReconciler mocked = new MockedReconciler();

    @AfterEach
    void stop() {
        mocked.close();
    }

    @Test
    void aPolicyIsInForceWhileItExists() {
        mocked.api.servePolicies();
        mocked.start();
        mocked.apply("chat");
        await().until(() -> !config().isEmpty());
        policy("pages", "{requireOrigin: true}");

        await().until(() -> config().contains("\"requireOrigin\":true"));
        awaitStatus("pages", "Accepted: It applies to: main.");
        mocked.awaitReason("chat", AFFECTED, "PolicyAffected");
        assertThat(mocked.condition("chat", AFFECTED).orElseThrow().getMessage())
                .isEqualTo("WebSocketPolicy pages says who may connect to: main.");

        policies().withName("pages").delete();

        await().until(() -> !config().contains("requireOrigin"));
        await().until(() -> mocked.condition("chat", AFFECTED).isEmpty());
    }

    @Test
    void anInvalidPolicyKeepsTheLastConfigurationAndTheRouteSaysWhy() {
        mocked.api.servePolicies();
        mocked.start();
        mocked.apply("chat");
        policy("pages", "{requireOrigin: true}");
        await().until(() -> config().contains("\"requireOrigin\":true"));
        // An edit that meets the status being written would be refused as a conflict.
        awaitStatus("pages", "Accepted: It applies to: main.");

        policies().withName("pages").edit(policy -> {
            WebSocketPolicy changed = read("pages", "{clientAddresses: {allow: [nowhere]}}");
            policy.setSpec(changed.getSpec());
            return policy;
        });

        mocked.awaitReason("chat", "Accepted", "Invalid");
        assertThat(mocked.condition("chat", "Accepted").orElseThrow().getMessage())
                .startsWith("WebSocketPolicy pages: spec.access.clientAddresses.allow[0] must be an IP address");
        assertThat(config()).contains("\"requireOrigin\":true");
        awaitStatus(
                "pages",
                "Invalid: spec.access.clientAddresses.allow[0] must be an IP address or a range such as 10.0.0.0/8, got"
                        + " \"nowhere\". Routes whose policy this is are not accepted, and keep their last configuration.");
    }

    /** An operator that starts must not open what a policy closes, not even for a moment. */
    @Test
    void policiesAreKnownBeforeTheFirstConfigurationIsWritten() {
        mocked.api.servePolicies();
        Queue<String> written = new ConcurrentLinkedQueue<>();
        policy("pages", "{requireOrigin: true}");
        mocked.apply("chat");
        try (Watch watch =
                mocked.api.client().configMaps().inNamespace(NAMESPACE).watch(recorder(written))) {
            assertThat(watch).isNotNull();
            mocked.start();
            awaitStatus("pages", "Accepted: It applies to: main.");
            await().until(() -> !written.isEmpty());
        }

        assertThat(written).allSatisfy(config -> assertThat(config).contains("\"requireOrigin\":true"));
    }

    /** The route does not name the Service, so only the policy can tell that it is about the route. */
    @Test
    void aServiceThatOnlyThePolicyNamesIsFollowed() {
        mocked.api.servePolicies();
        mocked.start();
        mocked.apply("chat");
        policy("auth", "{external: {service: {name: auth, port: ws}}}");
        mocked.awaitReason("chat", "ResolvedRefs", "BackendNotFound");

        Service auth = ChatService.create();
        auth.getMetadata().setName("auth");
        mocked.api.client().resource(auth).create();

        mocked.awaitReason("chat", "ResolvedRefs", "ResolvedRefs");
        mocked.api.client().resource(auth).delete();
        mocked.awaitReason("chat", "ResolvedRefs", "BackendNotFound");
        policies().withName("auth").delete();
        mocked.awaitReason("chat", "ResolvedRefs", "ResolvedRefs");
    }

    @Test
    void proxiesMayReadWhatOnlyThePolicyNamesWhileItIsInForce() {
        mocked.api.servePolicies();
        mocked.start();
        mocked.apply("chat");
        policy(
                "machines",
                "{basic: {secretRef: {name: robots}}, jwt: {providers: [{name: main, algorithms: [ES256], keyRefs: [{kind:"
                        + " Secret, name: keys}]}], denyListRef: {name: revoked}}}");

        await().untilAsserted(() -> assertThat(readable("secrets")).contains("robots", "keys"));
        assertThat(readable("configmaps")).contains("revoked");
        await().until(() -> config().contains("robots"));

        policies().withName("machines").delete();

        await().untilAsserted(() -> assertThat(readable("secrets")).doesNotContain("robots", "keys"));
        assertThat(readable("configmaps")).doesNotContain("revoked");
    }

    /** The names of the objects of a kind that the role of the proxies names. */
    private List<String> readable(String resource) {
        return mocked.api.client().rbac().roles().inNamespace(NAMESPACE).list().getItems().stream()
                .flatMap(role -> role.getRules().stream())
                .filter(rule -> rule.getResources().contains(resource))
                .flatMap(rule -> rule.getResourceNames().stream())
                .toList();
    }

    @Test
    void aStatusThatTheApiRefusesHoldsUpNoOther() {
        mocked.api.servePolicies();
        mocked.api
                .expect()
                .patch()
                .withPath("/apis/wsroute.dev/v1alpha1/namespaces/apps/websocketpolicies/a/status"
                        + "?fieldManager=wsroute-operator&force=true")
                .andReturn(403, MockApi.failure(403, "Forbidden", "not this one"))
                .always();
        mocked.start();
        policy("a", "{requireOrigin: true}");
        policy("b", "{requireOrigin: true}");

        awaitStatus("b", "TargetNotFound: WebSocketRoute chat does not exist in namespace apps.");
        await().until(() -> mocked.log(Level.WARN).stream()
                .anyMatch(line -> line.contains("cannot be written") && line.contains("not this one")));
        assertThat(status("a")).isEmpty();
    }

    @Test
    void aClusterWithoutTheKindIsServedAsBefore() {
        mocked.start();
        mocked.apply("chat");

        mocked.awaitReason("chat", "Programmed", "NoReadyProxy");
        assertThat(mocked.condition("chat", AFFECTED)).isEmpty();
    }

    private static Watcher<ConfigMap> recorder(Queue<String> written) {
        return new Watcher<>() {
            @Override
            public void eventReceived(Action action, ConfigMap map) {
                if (map.getMetadata().getName().equals("chat-proxy-config")) {
                    written.add(String.valueOf(map.getData().get("proxy-config.json")));
                }
            }

            @Override
            public void onClose(WatcherException cause) {
                // The test ends.
            }
        };
    }

    private void awaitStatus(String policy, String... sentences) {
        await().untilAsserted(() -> assertThat(status(policy)).containsExactly(sentences));
    }

    private List<String> status(String policy) {
        WebSocketPolicy found =
                Objects.requireNonNull(policies().withName(policy).get());
        return found.getStatus() == null
                ? List.of()
                : found.getStatus().ancestors().stream()
                        .map(PoliciesOnMockTest::sentence)
                        .toList();
    }

    private static String sentence(Ancestor ancestor) {
        Condition condition = ancestor.conditions().get(0);
        return condition.getReason() + ": " + condition.getMessage();
    }

    private void policy(String name, String access) {
        mocked.api.client().resource(read(name, access)).create();
    }

    private static WebSocketPolicy read(String name, String access) {
        return Serialization.unmarshal("""
                apiVersion: wsroute.dev/v1alpha1
                kind: WebSocketPolicy
                metadata: {name: %s, namespace: apps}
                spec:
                  targetRefs: [{group: wsroute.dev, kind: WebSocketRoute, name: chat}]
                  access: %s
                """.formatted(name, access), WebSocketPolicy.class);
    }

    private NonNamespaceOperation<WebSocketPolicy, KubernetesResourceList<WebSocketPolicy>, Resource<WebSocketPolicy>>
            policies() {
        return mocked.api.client().resources(WebSocketPolicy.class).inNamespace(NAMESPACE);
    }

    private String config() {
        ConfigMap map = mocked.api
                .client()
                .configMaps()
                .inNamespace(NAMESPACE)
                .withName("chat-proxy-config")
                .get();
        return map == null ? "" : map.getData().get("proxy-config.json");
    }
}
