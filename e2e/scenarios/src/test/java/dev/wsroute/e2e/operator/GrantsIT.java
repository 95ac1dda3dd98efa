// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.wsroute.api.v1alpha1.WebSocketRoute;
import dev.wsroute.e2e.cluster.DevImages;
import dev.wsroute.e2e.dev.Repository;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSliceBuilder;
import io.fabric8.kubernetes.api.model.rbac.ClusterRole;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
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

    private static final Path CLUSTER_ROLE = Repository.locate().get("deploy/kustomize/cluster-role.yaml");
    private static final Path LEADER_ROLE = Repository.locate().get("deploy/kustomize/leader-election.yaml");
    private static final Path PROXY = Repository.locate().get("proxy-runtime/target/wsroute-proxy.jar");
    private static final String SESSION = "    sessionPersistence: {type: Cookie, sessionName: s}\n";

    @Test
    void eachGrantOfTheOperatorIsUsed() throws Exception {
        chatService();
        apply("chat", SESSION);
        awaitProgrammed("chat", "NoReadyProxy");
        theSameHappensTwice();
        aReportOfAProxyThatIsGone();
        aSelectorThatIsNoLongerNeeded();
        aRouteTooLargeToBeHeld();

        await().untilAsserted(() -> assertThat(used("wsroute-operator")).containsAll(granted(rules(CLUSTER_ROLE))));
    }

    @Test
    void eachGrantOfALeaderIsUsed() throws Exception {
        try (OperatorProgram leader = OperatorProgram.start(
                cluster.kubeconfig(), "--leader-election-namespace", namespace, "--namespaces", namespace)) {
            await("a renewal").until(() -> used("wsroute-operator").contains("patch leases.coordination.k8s.io"));
            leader.terminate();
            leader.exitCode();
        }

        assertThat(used("wsroute-operator")).containsAll(granted(rules(LEADER_ROLE)));
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
            await().untilAsserted(() ->
                    assertThat(used("wsroute-proxy")).containsExactlyInAnyOrderElementsOf(granted(rules)));
        } finally {
            proxy.destroyForcibly();
        }
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
        proxy.environment().put("KUBECONFIG", cluster.kubeconfig().toString());
        proxy.environment().put("POD_NAME", "chat-proxy-5d8f7c9b64-x2vlq");
        return proxy.start();
    }

    private static List<PolicyRule> rules(Path file) throws IOException {
        try (InputStream yaml = Files.newInputStream(file)) {
            Collection<HasMetadata> objects = new KubernetesSerialization().unmarshal(yaml);
            return objects.stream()
                    .flatMap(object -> object instanceof ClusterRole role
                            ? role.getRules().stream()
                            : object instanceof Role role ? role.getRules().stream() : Stream.empty())
                    .toList();
        }
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

    /** In the same notation. Applying an object that does not exist also requires the right to create it. */
    private Set<String> used(String program) {
        Set<String> used = new TreeSet<>(
                cluster.api().requests().snapshot().of(program, any -> true).keySet());
        if (program.equals("wsroute-operator")) {
            Set.copyOf(used).stream()
                    .filter(request -> request.startsWith("patch "))
                    .forEach(request -> used.add(request.replaceFirst("patch", "create")));
        }
        return used;
    }
}
