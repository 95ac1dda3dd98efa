// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.wsroute.api.v1alpha1.WebSocketRoute;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may write routes, and nothing else, gets no more than the administrator allows routes. */
class RouteLimitsIT extends OperatorScenario {

    private static final String SOURCE = " in ConfigMap wsroute-system/wsroute-limits allows ";

    @BeforeEach
    void withoutLimits() {
        limits().delete();
        chatService();
    }

    @Test
    void nothingIsMadeOfARouteThatAsksForRightsOnPods() {
        client.resource(Serialization.unmarshal("""
                        apiVersion: wsroute.dev/v1alpha1
                        kind: WebSocketRoute
                        metadata: {name: evil, namespace: %s}
                        spec:
                          rules:
                            - name: db
                              matches: [{path: {type: PathPrefix, value: /db}}]
                              backendRefs: [{podSelector: {matchLabels: {app: database}}, port: 5432}]
                            - name: self
                              matches: [{path: {type: PathPrefix, value: /loop}}]
                              backendRefs: [{podSelector: {matchLabels: {app.kubernetes.io/instance: evil}}, port: 8080}]
                          proxy:
                            image: attacker.example/anything:latest
                            imagePullSecrets: [{name: private-registry}]
                            replicas: 1000
                            priorityClassName: system-cluster-critical
                            nodeSelector: {node-role.kubernetes.io/control-plane: ""}
                            tolerations: [{operator: Exists}]
                            podLabels: {app: payments, role: db-client, istio.io/rev: x, azure.workload.identity/use: "true"}
                            podAnnotations:
                              k8s.v1.cni.cncf.io/networks: kube-system/management
                              vault.hashicorp.com/agent-inject: "true"
                              container.apparmor.security.beta.kubernetes.io/proxy: unconfined
                            listeners: [{name: http, port: 8080}]
                            resources: {requests: {cpu: "64", memory: 256Gi}}
                            affinity:
                              podAntiAffinity:
                                requiredDuringSchedulingIgnoredDuringExecution:
                                  - {topologyKey: kubernetes.io/os, namespaceSelector: {}, labelSelector: {}}
                            drain: {over: 168h}
                            service:
                              type: LoadBalancer
                              annotations:
                                external-dns.alpha.kubernetes.io/hostname: login.bank.example
                                metallb.universe.tf/loadBalancerIPs: 10.0.0.1
                        """.formatted(namespace), WebSocketRoute.class))
                .create();

        awaitRefused("evil");
        awaitQuiet();

        assertThat(message("evil", "Accepted").split("; "))
                .allSatisfy(sentence ->
                        assertThat(sentence).startsWith("spec.proxy.").contains(SOURCE))
                .hasSize(14);
        for (Class<? extends HasMetadata> kind : OWNED) {
            assertThat(owned(kind)).as(kind.getSimpleName()).isEmpty();
        }
        assertThat(condition("evil", "Stalled")).isEqualTo("NotAllowed");
        assertThat(events()).containsKey("NotAllowed");
    }

    /** Each of them alone, so that none gets past in the company of a field that is refused anyway. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "image: 'attacker.example/anything:latest'",
                "replicas: 11",
                "priorityClassName: system-cluster-critical",
                "nodeSelector: {node-role.kubernetes.io/control-plane: ''}",
                "tolerations: [{operator: Exists}]",
                "podLabels: {app: payments}",
                "podAnnotations: {vault.hashicorp.com/agent-inject: 'true'}",
                "resources: {limits: {memory: 256Gi}}",
                "service: {type: LoadBalancer}",
                "service: {annotations: {external-dns.alpha.kubernetes.io/hostname: login.bank.example}}",
                "drain: {over: 168h}"
            })
    void noFieldGetsPastAlone(String field) {
        apply("chat", "  proxy: {" + field + "}\n");

        awaitRefused("chat");

        assertThat(owned(Deployment.class)).isEmpty();
    }

    @Test
    void whatRunsStaysWhenARouteAsksForTooMuchAndTheRouteHealsWhenTheLimitsAreWidened() {
        apply("chat", "  proxy: {replicas: 1}\n");
        awaitProgrammed("chat", "NoReadyProxy");
        awaitQuiet();
        Deployment before = deployment("chat");

        edit("chat", yaml("chat", "  proxy: {replicas: 12, image: 'registry.example.com/wsroute/proxy:1'}\n"));
        awaitRefused("chat");
        awaitQuiet();

        assertThat(deployment("chat").getMetadata().getGeneration())
                .isEqualTo(before.getMetadata().getGeneration());
        assertThat(message("chat", "Accepted"))
                .isEqualTo("spec.proxy.image must not be registry.example.com/wsroute/proxy:1: images" + SOURCE
                        + "none; spec.proxy.replicas must not be 12: maxReplicas" + SOURCE + "at most 10.");
        assertThat(message("chat", "Programmed"))
                .isEqualTo("The proxies keep the last configuration that was accepted.");

        limit(Map.of("images", "registry.example.com/wsroute/*", "maxReplicas", "12"));

        await().until(() -> condition("chat", "Accepted").equals("Accepted"));
        await().untilAsserted(() -> {
            assertThat(deployment("chat").getSpec().getReplicas()).isEqualTo(12);
            assertThat(deployment("chat")
                            .getSpec()
                            .getTemplate()
                            .getSpec()
                            .getContainers()
                            .get(0)
                            .getImage())
                    .isEqualTo("registry.example.com/wsroute/proxy:1");
        });
    }

    @Test
    void whatRunsStaysWhenTheLimitsAreNarrowed() {
        limit(Map.of("maxReplicas", "12"));
        apply("chat", "  proxy: {replicas: 12}\n");
        awaitProgrammed("chat", "NoReadyProxy");

        limit(Map.of("maxReplicas", "11"));

        awaitRefused("chat");
        assertThat(message("chat", "Accepted"))
                .isEqualTo("spec.proxy.replicas must not be 12: maxReplicas" + SOURCE + "at most 11.");
        assertThat(deployment("chat").getSpec().getReplicas()).isEqualTo(12);

        limits().delete();

        await().until(() -> message("chat", "Accepted").endsWith("at most 10."));
    }

    @Test
    void limitsWithAFaultAreReportedAndTheFormerOnesStay() throws IOException {
        limit(Map.of("maxReplicas", "12"));
        apply("chat", "  proxy: {replicas: 12}\n");
        awaitProgrammed("chat", "NoReadyProxy");

        limit(Map.of("maxReplicas", "lots", "image", "*"));

        await().until(() ->
                operator.log().contains("ConfigMap wsroute-system/wsroute-limits has faults and is not used"));
        assertThat(operator.log())
                .contains("image is unknown; the keys are images, serviceTypes")
                .contains("maxReplicas must be a number of at most four digits, got \"lots\"");
        assertThat(operator.metric("wsroute_operator_limits_faulty")).isEqualTo(1);
        edit("chat", yaml("chat", "  proxy: {replicas: 11}\n"));
        await().until(() -> deployment("chat").getSpec().getReplicas() == 11);
        edit("chat", yaml("chat", "  proxy: {replicas: 13}\n"));
        awaitRefused("chat");
        assertThat(message("chat", "Accepted")).endsWith("at most 12.");

        limit(Map.of("maxReplicas", "13"));

        await().until(() -> deployment("chat").getSpec().getReplicas() == 13);
        assertThat(operator.metric("wsroute_operator_limits_faulty")).isEqualTo(0);
    }

    private void awaitRefused(String route) {
        await().until(() -> condition(route, "Accepted").equals("NotAllowed"));
    }

    private Deployment deployment(String route) {
        return client.apps()
                .deployments()
                .inNamespace(namespace)
                .withName(route + "-proxy")
                .require();
    }

    private void limit(Map<String, String> data) {
        ConfigMap map = new ConfigMapBuilder()
                .withNewMetadata()
                .withNamespace("wsroute-system")
                .withName("wsroute-limits")
                .endMetadata()
                .withData(data)
                .build();
        if (limits().get() == null) {
            client.resource(map).create();
        } else {
            client.resource(map).update();
        }
    }

    private Resource<ConfigMap> limits() {
        return client.configMaps().inNamespace("wsroute-system").withName("wsroute-limits");
    }
}
