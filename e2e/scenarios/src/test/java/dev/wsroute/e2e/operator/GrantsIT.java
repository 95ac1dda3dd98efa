// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.wsroute.api.v1alpha1.WebSocketRoute;
import dev.wsroute.e2e.cluster.DevImages;
import dev.wsroute.e2e.cluster.api.access.Access;
import dev.wsroute.e2e.dev.Manifests;
import dev.wsroute.e2e.dev.Repository;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSliceBuilder;
import io.fabric8.kubernetes.api.model.rbac.ClusterRole;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * No right is granted that is not used: compares the requests of operator and proxy during the life of a route with the
 * installed roles.
 */
class GrantsIT extends OperatorScenario {

    private static final String OPERATOR = Access.SERVICE_ACCOUNT + "wsroute-system:wsroute-operator";
    private static final Path PROXY = Repository.locate().get("proxy-runtime/target/wsroute-proxy.jar");
    private static final Path GRANTS = Path.of("src/test/resources/reference-grants-crd.yaml");
    private static final String SESSION = "    sessionPersistence: {type: Cookie, sessionName: s}\n";

    @Test
    void eachGrantOfTheOperatorIsUsed() throws Exception {
        chatService();
        aSecretOfSomebodyElseWithOurLabel();
        apply("chat", SESSION);
        awaitProgrammed("chat", "NoReadyProxy");
        theSameHappensTwice();
        aReportOfAProxyThatIsGone();
        aSelectorThatIsNoLongerNeeded();
        aRouteTooLargeToBeHeld();
        aBackendInAnotherNamespace();
        aPolicyOfARouteThatIsGone();

        Set<String> granted = granted(rules("ClusterRole"));
        // Autoscaling needs proxies that run: AutoscalingIT, and RecordedAccessIT afterwards.
        granted.remove("patch pods");
        await().untilAsserted(() -> assertThat(used(OPERATOR)).containsAll(granted));
        assertThat(accesses(OPERATOR).filter(access -> access.resource().equals("secrets")))
                .as("Secrets of which it sees more than the metadata")
                .filteredOn(access -> access.verb().equals("get"))
                .allSatisfy(access -> assertThat(access.name()).isEqualTo("chat-proxy-session-key"));
    }

    @Test
    void eachGrantOfALeaderIsUsed() throws Exception {
        allowLeasesHere();
        try (OperatorProgram leader = OperatorProgram.start(
                kubeconfig, "--leader-election-namespace", namespace, "--namespaces", namespace)) {
            await("a renewal").until(() -> used(OPERATOR).contains("patch leases.coordination.k8s.io"));
            leader.terminate();
            leader.exitCode();
        }

        assertThat(used(OPERATOR)).containsAll(granted(rules("Role")));
    }

    @Test
    void eachGrantOfAProxyIsUsed() throws Exception {
        chatService();
        apply("chat", SESSION);
        awaitProgrammed("chat", "NoReadyProxy");
        List<PolicyRule> rules = client.rbac()
                .roles()
                .inNamespace(namespace)
                .withName("chat-proxy")
                .require()
                .getRules();

        Process proxy = startProxy();
        try {
            await().untilAsserted(() -> assertThat(used(Access.SERVICE_ACCOUNT + namespace + ":chat-proxy"))
                    .containsExactlyInAnyOrderElementsOf(granted(rules)));
        } finally {
            proxy.destroyForcibly();
        }
    }

    private void aSecretOfSomebodyElseWithOurLabel() {
        client.resource(new SecretBuilder()
                        .withNewMetadata()
                        .withNamespace(namespace)
                        .withName("decoy")
                        .addToLabels("wsroute.dev/route", "chat")
                        .endMetadata()
                        .addToData("password", "c2VjcmV0")
                        .build())
                .create();
    }

    /** The second Event increments the count of the first. */
    private void theSameHappensTwice() {
        for (int i = 0; i < 2; i++) {
            client.resource(slice(1)).create();
            await().until(() -> condition("chat", "BackendsAvailable").equals("EndpointsReady"));
            client.resource(slice(1)).delete();
            await().until(() -> condition("chat", "BackendsAvailable").equals("NoReadyEndpoint"));
        }
    }

    private void aReportOfAProxyThatIsGone() {
        client.configMaps()
                .inNamespace(namespace)
                .withName("chat-proxy-report")
                .edit(map -> new ConfigMapBuilder(map)
                        .withData(Map.of("chat-proxy-gone", "{}"))
                        .build());
    }

    private void aSelectorThatIsNoLongerNeeded() {
        Service service = client.services().inNamespace(namespace).list().getItems().stream()
                .filter(one -> one.getSpec().getSelector() != null
                        && "canary".equals(one.getSpec().getSelector().get("app")))
                .findFirst()
                .orElseThrow();
        edit("chat", yaml("chat", SESSION).replaceAll("(?m)^    - podSelector(.*\\n){2}", ""));
        await().until(() -> !config("chat").contains("app=canary"));
        for (EndpointSlice slice : client.discovery()
                .v1()
                .endpointSlices()
                .inNamespace(namespace)
                .withLabel("kubernetes.io/service-name", service.getMetadata().getName())
                .list()
                .getItems()) {
            client.resource(new EndpointSliceBuilder(slice).withEndpoints().build())
                    .update();
        }
        await().until(() -> client.resource(service).get() == null);
    }

    private void aRouteTooLargeToBeHeld() {
        WebSocketRoute route = Serialization.unmarshal(yaml("large", ""), WebSocketRoute.class);
        route.getMetadata().setAnnotations(Map.of("ballast", "x".repeat(200_000)));
        client.resource(route).create();
        awaitProgrammed("large", "NoReadyProxy");
    }

    private void aBackendInAnotherNamespace() throws IOException {
        new Manifests(client).apply(GRANTS);
        String routes = namespace;
        ownNamespace();
        chatService();
        String backends = namespace;
        namespace = routes;
        await().until(() -> client.getApiResources("gateway.networking.k8s.io/v1") != null);
        for (GenericKubernetesResource grant : Manifests.parse("""
                apiVersion: gateway.networking.k8s.io/v1
                kind: ReferenceGrant
                metadata: {name: chat, namespace: %s}
                spec:
                  from: [{group: wsroute.dev, kind: WebSocketRoute, namespace: %s}]
                  to: [{group: "", kind: Service}]
                """.formatted(backends, routes))) {
            client.resource(grant).create();
        }
        WebSocketRoute route = Serialization.unmarshal(
                yaml("elsewhere", "").replace("port: ws}", "port: ws}\n      namespace: " + backends),
                WebSocketRoute.class);
        client.resource(route).create();
        var binding = client.rbac().roleBindings().inNamespace(backends).withName(routes + ".elsewhere-proxy");
        await().until(() -> binding.get() != null);
        client.resource(route).delete();
        await().until(() -> binding.get() == null);
    }

    private void aPolicyOfARouteThatIsGone() throws IOException {
        for (GenericKubernetesResource policy : Manifests.parse("""
                apiVersion: wsroute.dev/v1alpha1
                kind: WebSocketPolicy
                metadata: {name: pages, namespace: %s}
                spec:
                  targetRefs: [{group: wsroute.dev, kind: WebSocketRoute, name: gone}]
                  access: {requireOrigin: true}
                """.formatted(namespace))) {
            client.resource(policy).create();
        }
    }

    private Process startProxy() throws IOException {
        ProcessBuilder proxy = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-Xmx96m",
                        "-jar",
                        PROXY.toString(),
                        DevImages.LOOPBACK,
                        "--config-map",
                        namespace + "/chat-proxy-config",
                        "--report-config-map",
                        namespace + "/chat-proxy-report",
                        "--bind-address",
                        "127.0.0.1",
                        "--listen",
                        "ws=" + OperatorProgram.freePort(),
                        "--admin-port",
                        Integer.toString(OperatorProgram.freePort()))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD);
        proxy.environment().put("KUBECONFIG", proxyKubeconfig().toString());
        proxy.environment().put("POD_NAME", "chat-proxy-5d8f7c9b64-x2vlq");
        return proxy.start();
    }

    private Path proxyKubeconfig() throws IOException {
        Path file = cluster.directory().resolve("proxy-kubeconfig");
        cluster.api().writeKubeconfig(file, namespace, "chat-proxy");
        return file;
    }

    /** The rules of the operator's installed roles of this kind. */
    private static List<PolicyRule> rules(String kind) throws IOException {
        return installed("rbac.authorization.k8s.io/v1").stream()
                .filter(object -> object.getKind().equals(kind)
                        && object.getMetadata().getName().startsWith("wsroute-operator"))
                .map(object -> Serialization.unmarshal(Serialization.asJson(object), HasMetadata.class))
                .flatMap(role -> (role instanceof ClusterRole all ? all.getRules() : ((Role) role).getRules()).stream())
                .toList();
    }

    /** Such as {@code patch websocketroutes.wsroute.dev/status}. */
    private static Set<String> granted(List<PolicyRule> rules) {
        return rules.stream()
                .flatMap(rule -> rule.getVerbs().stream()
                        .flatMap(verb -> rule.getApiGroups().stream()
                                .flatMap(group -> rule.getResources().stream()
                                        .map(resource -> verb + " " + inGroup(resource, group)))))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static String inGroup(String resource, String group) {
        int slash = resource.indexOf('/');
        int end = slash < 0 ? resource.length() : slash;
        return resource.substring(0, end) + (group.isEmpty() ? "" : "." + group) + resource.substring(end);
    }

    /** In the same notation. */
    private Set<String> used(String user) {
        return accesses(user)
                .map(access -> access.verb() + " " + inGroup(access.resource(), access.group()))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private Stream<Access> accesses(String user) {
        return cluster.api().authorizer().allowed().stream()
                .filter(access -> access.user().equals(user));
    }
}
