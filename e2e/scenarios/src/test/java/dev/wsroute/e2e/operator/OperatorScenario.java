// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.wsroute.api.v1alpha1.WebSocketRoute;
import dev.wsroute.e2e.access.AccessRecord;
import dev.wsroute.e2e.cluster.EmbeddedCluster;
import dev.wsroute.e2e.dev.Manifests;
import dev.wsroute.e2e.dev.Repository;
import dev.wsroute.e2e.written.WrittenObjects;
import dev.wsroute.testkit.Written;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSliceBuilder;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.api.model.rbac.RoleBinding;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;

/**
 * A packaged operator on an embedded cluster whose proxies never start. It may do what deploy/install.yaml allows. Each test has
 * its own namespace.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class OperatorScenario {

    static final List<Class<? extends HasMetadata>> OWNED = List.of(
            Deployment.class,
            Service.class,
            ConfigMap.class,
            Secret.class,
            ServiceAccount.class,
            Role.class,
            RoleBinding.class,
            PodDisruptionBudget.class);

    EmbeddedCluster cluster;
    KubernetesClient client;
    OperatorProgram operator;
    /** That of the operator's ServiceAccount. */
    Path kubeconfig;

    private final List<String> flags = new ArrayList<>(List.of("--leader-election", "false"));

    String namespace = "";

    @BeforeAll
    void start() throws IOException {
        cluster = EmbeddedCluster.builder().start();
        client = cluster.newClient();
        for (String plural : List.of("websocketroutes", "websocketpolicies")) {
            client.resource(Serialization.unmarshal(
                            Files.readString(Repository.locate().get("crds/" + plural + ".wsroute.dev.yaml")),
                            CustomResourceDefinition.class))
                    .create();
        }
        createNamespace("wsroute-system");
        flags.addAll(List.of(prepare()));
        kubeconfig = cluster.directory().resolve("operator-kubeconfig");
        cluster.api().writeKubeconfig(kubeconfig, "wsroute-system", "wsroute-operator");
        operator = OperatorProgram.start(kubeconfig, flags.toArray(String[]::new));
    }

    /** Kills the operator, and starts it again as it was started. */
    void restartOperator() throws IOException {
        operator.close();
        operator = OperatorProgram.start(kubeconfig, flags.toArray(String[]::new));
    }

    /**
     * Applies what allows the operator something.
     *
     * @return more flags of the operator
     */
    String[] prepare() throws IOException {
        installed("rbac.authorization.k8s.io/v1")
                .forEach(object -> client.resource(object).create());
        return new String[0];
    }

    /** The objects of this API version in deploy/install.yaml. */
    static List<GenericKubernetesResource> installed(String apiVersion) throws IOException {
        return Manifests.read(Repository.locate().get("deploy/install.yaml")).stream()
                .filter(object -> object.getApiVersion().equals(apiVersion))
                .toList();
    }

    /** As if the operator were installed in this namespace. */
    void allowLeasesHere() throws IOException {
        installed("rbac.authorization.k8s.io/v1").stream()
                .filter(object -> object.getMetadata().getName().endsWith("leader-election"))
                .forEach(object -> {
                    object.getMetadata().setNamespace(namespace);
                    client.resource(object).create();
                });
    }

    @AfterAll
    void stop() {
        AccessRecord.write(getClass(), cluster.api().authorizer());
        assertThat(cluster.api().authorizer().refused())
                .as("what the operator asked for and may not do")
                .isEmpty();
        Written.add("pages", operator.metrics());
        operator.close();
        client.close();
        cluster.close();
    }

    @BeforeEach
    void ownNamespace() {
        namespace = "ns-" + UUID.randomUUID().toString().substring(0, 8);
        createNamespace(namespace);
    }

    /** For the last step of the build, which looks for secrets in it. */
    @AfterEach
    void writeObjects() {
        WrittenObjects.add(client, namespace);
    }

    private void createNamespace(String name) {
        client.resource(new NamespaceBuilder()
                        .withNewMetadata()
                        .withName(name)
                        .endMetadata()
                        .build())
                .create();
    }

    String yaml(String name, String proxy) {
        return """
                apiVersion: wsroute.dev/v1alpha1
                kind: WebSocketRoute
                metadata: {name: %s, namespace: %s}
                spec:
                  rules:
                  - name: main
                    backendRefs:
                    - service: {name: chat, port: ws}
                    - podSelector: {matchLabels: {app: canary}}
                      port: 8010
                """.formatted(name, namespace) + proxy;
    }

    WebSocketRoute apply(String name, String proxy) {
        return client.resource(Serialization.unmarshal(yaml(name, proxy), WebSocketRoute.class))
                .create();
    }

    /** Merges instead of replacing, since the operator may write the status in between. */
    void edit(String name, String yaml) {
        client.resources(WebSocketRoute.class)
                .inNamespace(namespace)
                .withName(name)
                .patch(
                        PatchContext.of(PatchType.JSON_MERGE),
                        Serialization.asJson(Serialization.unmarshal(yaml, WebSocketRoute.class)));
    }

    void chatService() {
        client.resource(new ServiceBuilder()
                        .withNewMetadata()
                        .withNamespace(namespace)
                        .withName("chat")
                        .endMetadata()
                        .withNewSpec()
                        .addNewPort()
                        .withName("ws")
                        .withPort(80)
                        .endPort()
                        .endSpec()
                        .build())
                .create();
    }

    /** An EndpointSlice of the backend Service, written by the test, since the Service selects no pods. */
    EndpointSlice slice(int endpoints) {
        EndpointSliceBuilder slice = new EndpointSliceBuilder()
                .withNewMetadata()
                .withNamespace(namespace)
                .withName("chat-test")
                .addToLabels("kubernetes.io/service-name", "chat")
                .endMetadata()
                .withAddressType("IPv4")
                .addNewPort()
                .withName("ws")
                .withPort(8080)
                .endPort();
        for (int i = 1; i <= endpoints; i++) {
            slice.addNewEndpoint()
                    .withAddresses("10.244.0." + i)
                    .withNewConditions()
                    .withReady(true)
                    .endConditions()
                    .endEndpoint();
        }
        return slice.build();
    }

    WebSocketRoute route(String name) {
        return client.resources(WebSocketRoute.class)
                .inNamespace(namespace)
                .withName(name)
                .get();
    }

    void awaitProgrammed(String name, String reason) {
        await().until(() -> condition(name, "Programmed").equals(reason));
    }

    /** Waits until the operator has processed the changes that the controllers made. */
    void awaitQuiet() {
        long[] last = {-1};
        await().pollInterval(Duration.ofSeconds(1)).until(() -> {
            long before = last[0];
            last[0] = cluster.api().resourceVersion();
            return before == last[0];
        });
    }

    String condition(String name, String type) {
        return find(name, type).map(Condition::getReason).orElse("");
    }

    String message(String name, String type) {
        return find(name, type).map(Condition::getMessage).orElse("");
    }

    Optional<Condition> find(String name, String type) {
        return Optional.ofNullable(route(name).getStatus()).stream()
                .flatMap(status -> status.conditions().stream())
                .filter(c -> c.getType().equals(type))
                .findFirst();
    }

    String config(String name) {
        return client.configMaps()
                .inNamespace(namespace)
                .withName(name + "-proxy-config")
                .get()
                .getData()
                .get("proxy-config.json");
    }

    /** Number of events of the route, by reason. */
    Map<String, Integer> events() {
        return client.v1().events().inNamespace(namespace).list().getItems().stream()
                .filter(e -> e.getInvolvedObject().getKind().equals("WebSocketRoute"))
                .collect(Collectors.toMap(Event::getReason, Event::getCount, Integer::sum));
    }

    List<String> owned(Class<? extends HasMetadata> kind) {
        return client.resources(kind).inNamespace(namespace).list().getItems().stream()
                .map(HasMetadata.class::cast)
                .filter(o -> o.getMetadata().getOwnerReferences().stream()
                        .anyMatch(owner ->
                                owner.getKind().equals("WebSocketRoute") && Boolean.TRUE.equals(owner.getController())))
                .map(o -> o.getMetadata().getName())
                .toList();
    }
}
