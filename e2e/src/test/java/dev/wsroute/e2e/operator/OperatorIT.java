package dev.wsroute.e2e.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.wsroute.api.v1alpha1.WebSocketRoute;
import dev.wsroute.e2e.cluster.EmbeddedCluster;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSliceBuilder;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.api.model.rbac.RoleBinding;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the operator writes, and when it does not: without any proxy running, and each test in its own namespace. */
class OperatorIT {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private static final List<Class<? extends HasMetadata>> OWNED = List.of(
            Deployment.class,
            Service.class,
            ConfigMap.class,
            ServiceAccount.class,
            Role.class,
            RoleBinding.class,
            PodDisruptionBudget.class);

    private static EmbeddedCluster cluster;
    private static KubernetesClient client;
    private static OperatorProgram operator;

    private String namespace = "";

    @BeforeAll
    static void start() throws IOException {
        cluster = EmbeddedCluster.builder().start();
        client = cluster.newClient();
        client.resource(Serialization.unmarshal(
                        Files.readString(Path.of("../crds/websocketroutes.wsroute.dev.yaml")),
                        CustomResourceDefinition.class))
                .create();
        operator = OperatorProgram.start(cluster.kubeconfig(), "--leader-election", "false");
    }

    @AfterAll
    static void stop() {
        operator.close();
        client.close();
        cluster.close();
    }

    @BeforeEach
    void ownNamespace() {
        namespace = "ns-" + UUID.randomUUID().toString().substring(0, 8);
        client.resource(new NamespaceBuilder()
                        .withNewMetadata()
                        .withName(namespace)
                        .endMetadata()
                        .build())
                .create();
    }

    @Test
    void aRouteBecomesItsObjectsAndEachBelongsToIt() {
        chatService();
        WebSocketRoute route = apply("chat", "");

        awaitProgrammed("chat", "NoReadyProxy");

        assertThat(owned(Deployment.class)).containsExactly("chat-proxy");
        assertThat(owned(Service.class)).hasSize(2).contains("chat-proxy").anyMatch(n -> n.startsWith("wsroute-"));
        assertThat(owned(ConfigMap.class)).containsExactlyInAnyOrder("chat-proxy-config", "chat-proxy-report");
        assertThat(owned(ServiceAccount.class)).containsExactly("chat-proxy");
        assertThat(owned(Role.class)).containsExactly("chat-proxy");
        assertThat(owned(RoleBinding.class)).containsExactly("chat-proxy");
        assertThat(owned(PodDisruptionBudget.class)).containsExactly("chat-proxy");
        assertThat(client.resource(route).get().getMetadata().getFinalizers()).isEmpty();
    }

    @Test
    void aDeletedRouteLeavesNothingBehind() {
        chatService();
        apply("chat", "");
        awaitProgrammed("chat", "NoReadyProxy");

        client.resources(WebSocketRoute.class)
                .inNamespace(namespace)
                .withName("chat")
                .delete();

        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(OWNED)
                        .allSatisfy(kind -> assertThat(owned(kind)).isEmpty()));
    }

    @Test
    void nothingIsWrittenWhileNothingChanges() {
        chatService();
        apply("chat", "");
        awaitProgrammed("chat", "NoReadyProxy");
        awaitQuiet();
        long writes = operator.writeRequests();
        long looks = operator.reconciliations();

        // Something to look at that changes nothing: a slice of the backend, without endpoints.
        client.resource(slice(0)).create();
        await().atMost(PATIENCE).until(() -> operator.reconciliations() > looks);

        assertThat(operator.writeRequests()).isEqualTo(writes);
    }

    @Test
    void endpointsThatComeAndGoCostFewWritesOfStatusAndNoOthers() {
        chatService();
        apply("chat", "");
        awaitProgrammed("chat", "NoReadyProxy");
        client.resource(slice(1)).create();
        await().atMost(PATIENCE)
                .until(() -> condition("chat", "BackendsAvailable").equals("EndpointsReady"));
        awaitQuiet();
        long writes = operator.writeRequests();

        for (int change = 0; change < 50; change++) {
            long looks = operator.reconciliations();
            client.resource(slice(2 + change % 7)).update();
            await().atMost(PATIENCE)
                    .pollInterval(Duration.ofMillis(20))
                    .until(() -> operator.reconciliations() > looks);
        }
        client.resource(slice(5)).update();

        await().atMost(PATIENCE).until(() -> route("chat").getStatus().readyEndpoints() == 5);
        assertThat(operator.writeRequests() - writes).isLessThanOrEqualTo(3);
    }

    @Test
    void aRestartedOperatorFindsAllAsItShouldBeAndWritesNothing() throws Exception {
        chatService();
        apply("chat", "  proxy: {replicas: 3, resources: {requests: {cpu: 1000m}}, nodeSelector: {}}\n");
        awaitProgrammed("chat", "NoReadyProxy");
        awaitQuiet();

        try (OperatorProgram second =
                OperatorProgram.start(cluster.kubeconfig(), "--leader-election", "false", "--namespaces", namespace)) {
            await().atMost(PATIENCE).until(() -> second.reconciliations() >= 1);

            assertThat(second.writeRequests()).isZero();
        }
    }

    @Test
    void whatOthersChangeOfOursIsPutRightAndWhatTheyAddStays() {
        chatService();
        apply("chat", "");
        awaitProgrammed("chat", "NoReadyProxy");
        awaitQuiet();

        client.apps()
                .deployments()
                .inNamespace(namespace)
                .withName("chat-proxy")
                .edit(d -> new DeploymentBuilder(d)
                        .editMetadata()
                        .addToAnnotations("mesh.example.com/inject", "true")
                        .endMetadata()
                        .editSpec()
                        .withReplicas(7)
                        .endSpec()
                        .build());
        client.policy()
                .v1()
                .podDisruptionBudget()
                .inNamespace(namespace)
                .withName("chat-proxy")
                .delete();
        client.services()
                .inNamespace(namespace)
                .withName("chat-proxy")
                .edit(s -> new ServiceBuilder(s)
                        .editMetadata()
                        .removeFromLabels("app.kubernetes.io/managed-by")
                        .endMetadata()
                        .build());

        await().atMost(PATIENCE).untilAsserted(() -> {
            Deployment deployment = client.apps()
                    .deployments()
                    .inNamespace(namespace)
                    .withName("chat-proxy")
                    .get();
            assertThat(deployment.getSpec().getReplicas()).isEqualTo(2);
            assertThat(deployment.getMetadata().getAnnotations()).containsEntry("mesh.example.com/inject", "true");
            assertThat(owned(PodDisruptionBudget.class)).containsExactly("chat-proxy");
            assertThat(client.services()
                            .inNamespace(namespace)
                            .withName("chat-proxy")
                            .get()
                            .getMetadata()
                            .getLabels())
                    .containsEntry("app.kubernetes.io/managed-by", "wsroute");
        });
    }

    @Test
    void anObjectOfSomebodyElseIsNamedAndLeftAloneUntilItGoes() {
        chatService();
        ConfigMap foreign = client.resource(new ConfigMapBuilder()
                        .withNewMetadata()
                        .withNamespace(namespace)
                        .withName("chat-proxy-config")
                        .endMetadata()
                        .addToData("mine", "yes")
                        .build())
                .create();

        apply("chat", "");
        awaitProgrammed("chat", "NameConflict");

        assertThat(message("chat", "Programmed"))
                .isEqualTo("ConfigMap " + namespace + "/chat-proxy-config exists and does not belong to this route;"
                        + " delete it or rename the route.");
        assertThat(client.resource(foreign).get()).isEqualTo(foreign);
        assertThat(owned(Deployment.class)).isEmpty();

        client.resource(foreign).delete();
        awaitProgrammed("chat", "NoReadyProxy");
    }

    @Test
    void aMissingServiceIsNamedAndItsArrivalIsNoticed() {
        apply("chat", "");

        await().atMost(PATIENCE).until(() -> condition("chat", "ResolvedRefs").equals("BackendNotFound"));
        assertThat(message("chat", "ResolvedRefs")).isEqualTo("Service " + namespace + "/chat does not exist.");
        awaitProgrammed("chat", "NoReadyProxy");
        assertThat(config("chat")).doesNotContain("service/chat:ws").contains("pods/app=canary:8010");

        chatService();

        await().atMost(PATIENCE).until(() -> condition("chat", "ResolvedRefs").equals("ResolvedRefs"));
        await().atMost(PATIENCE).until(() -> config("chat").contains("service/chat:ws"));
        assertThat(events()).contains("BackendNotFound", "ResolvedRefs");
    }

    @Test
    void aPodSelectorThatIsTakenOutTakesItsServiceAlong() {
        chatService();
        apply("chat", "");
        awaitProgrammed("chat", "NoReadyProxy");
        assertThat(owned(Service.class)).hasSize(2);

        client.resource(Serialization.unmarshal(
                        yaml("chat", "").replaceAll("(?m)^    - podSelector(.*\\n){2}", ""), WebSocketRoute.class))
                .update();

        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(owned(Service.class)).containsExactly("chat-proxy"));
    }

    @Test
    void reportsOfPodsThatAreGoneAreRemovedAndDecideNothing() {
        chatService();
        apply("chat", "");
        awaitProgrammed("chat", "NoReadyProxy");

        client.configMaps()
                .inNamespace(namespace)
                .withName("chat-proxy-report")
                .edit(map -> new ConfigMapBuilder(map)
                        .addToData("gone", "{\"applied\":{\"generation\":1,\"hash\":\"x\"},\"connections\":0}")
                        .build());

        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(Optional.ofNullable(client.configMaps()
                                .inNamespace(namespace)
                                .withName("chat-proxy-report")
                                .get()
                                .getData()))
                        .satisfiesAnyOf(
                                data -> assertThat(data).isEmpty(),
                                data -> assertThat(data.orElseThrow()).isEmpty()));
    }

    @Test
    void anOperatorThatLosesItsLeaseEnds() throws Exception {
        try (OperatorProgram leader = OperatorProgram.start(
                cluster.kubeconfig(), "--leader-election-namespace", namespace, "--namespaces", namespace)) {
            var lease = client.leases().inNamespace(namespace).withName("wsroute-operator");
            await().atMost(PATIENCE).until(() -> lease.get() != null);

            lease.edit(l -> {
                l.getSpec().setHolderIdentity("somebody-else");
                return l;
            });

            assertThat(leader.exitCode(Duration.ofSeconds(30))).isEqualTo(1);
            assertThat(leader.log()).contains("The lease is lost");
        }
    }

    @Test
    void aTerminatedOperatorGivesItsLeaseBackAndTheNextTakesOverAtOnce() throws Exception {
        chatService();
        try (OperatorProgram first = OperatorProgram.start(
                        cluster.kubeconfig(), "--leader-election-namespace", namespace, "--namespaces", namespace);
                OperatorProgram second = OperatorProgram.start(
                        cluster.kubeconfig(), "--leader-election-namespace", namespace, "--namespaces", namespace)) {
            var lease = client.leases().inNamespace(namespace).withName("wsroute-operator");
            await().atMost(PATIENCE).until(() -> lease.get() != null);
            String holder = lease.get().getSpec().getHolderIdentity();

            OperatorProgram leading = first.log().contains("holds the lease") ? first : second;
            OperatorProgram standby = leading == first ? second : first;
            leading.terminate();

            assertThat(leading.exitCode(PATIENCE)).isEqualTo(143);
            await().atMost(Duration.ofSeconds(10)).until(() -> standby.log().contains("This operator holds the lease"));
            assertThat(lease.get().getSpec().getHolderIdentity()).isNotEqualTo(holder);
        }
    }

    @Test
    void withoutTheCustomResourceItSaysWhatToInstall() throws Exception {
        try (EmbeddedCluster bare = EmbeddedCluster.builder().start();
                OperatorProgram program = OperatorProgram.launch(bare.kubeconfig())) {
            assertThat(program.exitCode(PATIENCE)).isEqualTo(1);
            assertThat(program.log())
                    .containsOnlyOnce("\n")
                    .contains("does not know WebSocketRoute; install the CRD first");
        }
    }

    // --- the route that all tests use: a Service and a pod selector

    private String yaml(String name, String proxy) {
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

    private WebSocketRoute apply(String name, String proxy) {
        return client.resource(Serialization.unmarshal(yaml(name, proxy), WebSocketRoute.class))
                .create();
    }

    private void chatService() {
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

    /** A slice of the backend Service, of our own making: the Service selects no pods. */
    private EndpointSlice slice(int endpoints) {
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

    private WebSocketRoute route(String name) {
        return client.resources(WebSocketRoute.class)
                .inNamespace(namespace)
                .withName(name)
                .get();
    }

    private void awaitProgrammed(String name, String reason) {
        await().atMost(PATIENCE).until(() -> condition(name, "Programmed").equals(reason));
    }

    /** Until the controllers' own changes have been looked at. */
    private static void awaitQuiet() {
        long[] last = {-1};
        await().atMost(PATIENCE).pollInterval(Duration.ofSeconds(1)).until(() -> {
            long before = last[0];
            last[0] = cluster.api().resourceVersion();
            return before == last[0];
        });
    }

    private String condition(String name, String type) {
        return find(name, type).map(Condition::getReason).orElse("");
    }

    private String message(String name, String type) {
        return find(name, type).map(Condition::getMessage).orElse("");
    }

    private Optional<Condition> find(String name, String type) {
        return Optional.ofNullable(route(name).getStatus()).stream()
                .flatMap(status -> status.conditions().stream())
                .filter(c -> c.getType().equals(type))
                .findFirst();
    }

    private String config(String name) {
        return client.configMaps()
                .inNamespace(namespace)
                .withName(name + "-proxy-config")
                .get()
                .getData()
                .get("proxy-config.json");
    }

    private List<String> events() {
        return client.v1().events().inNamespace(namespace).list().getItems().stream()
                .filter(e -> e.getInvolvedObject().getKind().equals("WebSocketRoute"))
                .map(Event::getReason)
                .toList();
    }

    private List<String> owned(Class<? extends HasMetadata> kind) {
        return client.resources(kind).inNamespace(namespace).list().getItems().stream()
                .map(HasMetadata.class::cast)
                .filter(o -> o.getMetadata().getOwnerReferences().stream()
                        .anyMatch(owner ->
                                owner.getKind().equals("WebSocketRoute") && Boolean.TRUE.equals(owner.getController())))
                .map(o -> o.getMetadata().getName())
                .toList();
    }
}
