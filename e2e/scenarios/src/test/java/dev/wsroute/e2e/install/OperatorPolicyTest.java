// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.install;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.wsroute.e2e.dev.Repository;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The policies that bind the operator to the form of what it writes: all of that passes, and what a thief of its token wants does not. */
class OperatorPolicyTest {

    private static final Path GOLDEN = Repository.locate().get("operator/src/test/resources/golden/resources");
    private static final YAMLMapper YAML = new YAMLMapper();
    private static final JsonNode NONE = YAML.createObjectNode();

    private static final PolicyExpressions OBJECTS = policy("objects");
    private static final PolicyExpressions PODS = policy("pods");
    private static final Map<String, PolicyExpressions> OF_KIND = new TreeMap<>(Map.of(
            "Deployment", policy("deployments"),
            "Role", policy("roles"),
            "RoleBinding", policy("bindings"),
            "Service", policy("services"),
            "Secret", policy("secrets"),
            "ConfigMap", policy("configmaps")));

    private static final String OTHERS = "changes objects of WebSocketRoutes only";

    private static PolicyExpressions policy(String name) {
        try {
            return new PolicyExpressions("operator-policy/operator-policy.yaml", "wsroute-operator-" + name);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    static List<Path> written() throws IOException {
        try (Stream<Path> files = Files.walk(GOLDEN)) {
            return files.filter(file -> file.getFileName().toString().startsWith("out-"))
                    .sorted()
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("written")
    void whatTheOperatorWritesPasses(Path file) throws IOException {
        JsonNode object = YAML.readTree(file.toFile());

        assertThat(denials(object, NullNode.getInstance())).isEmpty();
        assertThat(denials(object, object)).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("written")
    void eachPodMeetsTheLevelRestricted(Path file) throws IOException {
        JsonNode object = YAML.readTree(file.toFile());

        if (object.path("kind").asText().equals("Deployment")) {
            RestrictedPods.assertRestricted(object.at("/spec/template/spec"));
        } else {
            assertThat(object.at("/spec/template").isMissingNode()).isTrue();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "/metadata                                          | name           | chat | have the ServiceAccount",
                "/spec/template/spec                                | serviceAccountName | cluster-admin | have the ServiceAccount",
                "/spec/template/spec                                | volumes        | [{name: a, secret: {secretName: b}}] | no volumes but emptyDir",
                "/spec/template/spec                                | volumes        | [{name: a, hostPath: {path: /}}] | no volumes but emptyDir",
                "/spec/template/spec                                | volumes        | [{name: a, projected: {sources: []}}] | no volumes but emptyDir",
                "/spec/template/spec                                | hostNetwork    | true | the node's namespaces",
                "/spec/template/spec                                | hostPID        | true | the node's namespaces",
                "/spec/template/spec                                | initContainers | [{name: a, image: b}] | takes nothing from Secrets",
                "/spec/template/spec/containers/0                   | envFrom        | [{secretRef: {name: a}}] | takes nothing from Secrets",
                "/spec/template/spec/containers/0                   | name           | another | takes nothing from Secrets",
                "/spec/template/spec/containers/0/env/0             | valueFrom      | {secretKeyRef: {name: a, key: b}} | takes nothing from Secrets",
                "/spec/template/spec/containers/0/securityContext   | privileged     | true | is not privileged",
            })
    void aPodThatOpensAWayIsDenied(String parent, String field, String value, String message) throws IOException {
        JsonNode good = deployment();
        JsonNode bad = good.deepCopy();
        ((ObjectNode) bad.at(parent)).set(field, YAML.readTree(value));

        assertThat(denials(good, good)).isEmpty();
        assertThat(denials(bad, NullNode.getInstance())).anyMatch(denial -> denial.contains(message));
        assertThat(denials(bad, good)).anyMatch(denial -> denial.contains(message));
    }

    @Test
    void whatOthersHaveAddedToADeploymentMayStay() throws IOException {
        JsonNode before = deployment();
        ObjectNode pod = (ObjectNode) before.at("/spec/template/spec");
        pod.set("volumes", YAML.readTree("[{name: ca, secret: {secretName: ca}}]"));
        pod.set("initContainers", YAML.readTree("[{name: mesh, image: mesh, envFrom: [{secretRef: {name: m}}]}]"));
        JsonNode after = before.deepCopy();
        ((ObjectNode) after.at("/spec/template/spec/containers/0")).put("image", "another");

        assertThat(denials(after, before)).isEmpty();
        assertThat(denials(after, NullNode.getInstance())).hasSize(2);
    }

    private static JsonNode deployment() throws IOException {
        return YAML.readTree(
                GOLDEN.resolve("minimal/out-deployment-chat-proxy.yaml").toFile());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "[{apiGroups: [''], resources: [secrets], verbs: [list]}]",
                "[{apiGroups: [''], resources: [secrets], resourceNames: [a], verbs: [get, delete]}]",
                "[{apiGroups: [''], resources: [pods], resourceNames: [a], verbs: [list]}]",
                "[{apiGroups: [''], resources: [secrets, pods], resourceNames: [a], verbs: [list]}]",
                "[{apiGroups: ['*'], resources: ['*'], verbs: ['*']}]",
            })
    void aRoleThatGrantsMoreIsDenied(String rules) throws IOException {
        JsonNode role = YAML.readTree(
                "{kind: Role, metadata: {name: a-proxy, namespace: n, labels: {wsroute.dev/route: a}}, rules: " + rules
                        + "}");

        assertThat(denials(role, NullNode.getInstance()))
                .containsExactly("the operator of wsroute grants what proxies read by name");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "kind: ClusterRole, name: a-proxy | kind: ServiceAccount, name: a-proxy, namespace: n",
                "kind: Role, name: other          | kind: ServiceAccount, name: a-proxy, namespace: n",
                "kind: Role, name: a-proxy        | kind: ServiceAccount, name: thief, namespace: n",
                "kind: Role, name: a-proxy        | kind: ServiceAccount, name: a-proxy, namespace: other",
                "kind: Role, name: a-proxy        | kind: User, name: a-proxy",
            })
    void aBindingToAnybodyElseIsDenied(String role, String subject) throws IOException {
        JsonNode binding = YAML.readTree(
                "{kind: RoleBinding, metadata: {name: a-proxy, namespace: n, labels: {wsroute.dev/route: a}},"
                        + " roleRef: {" + role + "}, subjects: [{" + subject + "}]}");

        assertThat(denials(binding, NullNode.getInstance()))
                .containsExactly("the operator of wsroute binds a route's role to the route's proxies");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "/metadata        | name   | apps.other-proxy",
                "/metadata        | name   | other.chat-proxy",
                "/metadata        | name   | chat-proxy",
                "/metadata/labels | wsroute.dev/route | other",
                "/metadata/labels | wsroute.dev/route-namespace | other",
                "/metadata        | ownerReferences | []",
                "/metadata        | ownerReferences | [{apiVersion: v1, kind: ConfigMap, name: a, uid: b}]",
            })
    void aRightForProxiesOfAnotherNamespaceSaysForWhich(String parent, String field, String value) throws IOException {
        for (String kind : List.of("role", "rolebinding")) {
            JsonNode good = elsewhere(kind);
            JsonNode bad = good.deepCopy();
            ((ObjectNode) bad.at(parent.trim())).set(field, YAML.readTree(value));

            assertThat(denials(good, NullNode.getInstance())).isEmpty();
            assertThat(denials(bad, NullNode.getInstance())).as("%s", bad).isNotEmpty();
            assertThat(denials(bad, good)).isNotEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[{kind: ServiceAccount, name: chat-proxy, namespace: shared}]",
                "[{kind: ServiceAccount, name: chat-proxy, namespace: other}]",
                "[{kind: ServiceAccount, name: other-proxy, namespace: apps}]",
                "[{kind: ServiceAccount, name: chat-proxy, namespace: apps}, {kind: User, name: thief}]",
            })
    void inAnotherNamespaceTooOnlyTheRoutesProxiesGetARight(String subjects) throws IOException {
        JsonNode bad = elsewhere("rolebinding");
        ((ObjectNode) bad).set("subjects", YAML.readTree(subjects));

        assertThat(denials(bad, NullNode.getInstance()))
                .containsExactly("the operator of wsroute binds a route's role to the route's proxies");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[{apiGroups: [''], resources: [secrets], resourceNames: [a], verbs: [list]}]",
                "[{apiGroups: [''], resources: [configmaps], resourceNames: [a], verbs: [patch]}]",
                "[{apiGroups: [discovery.k8s.io], resources: [endpointslices], verbs: [delete]}]",
            })
    void inAnotherNamespaceProxiesReadEndpointsOnly(String rules) throws IOException {
        JsonNode bad = elsewhere("role");
        ((ObjectNode) bad).set("rules", YAML.readTree(rules));

        assertThat(denials(bad, NullNode.getInstance())).isNotEmpty();
        ((ObjectNode) bad.at("/metadata/labels")).remove("wsroute.dev/route-namespace");
        assertThat(denials(bad, NullNode.getInstance())).isNotEmpty();
    }

    @Test
    void onlyRightsForProxiesOfOtherNamespacesAreDeleted() throws IOException {
        for (String kind : List.of("role", "rolebinding")) {
            JsonNode own = YAML.readTree(
                    GOLDEN.resolve("minimal/out-" + kind + "-chat-proxy.yaml").toFile());
            PolicyExpressions ofKind = OF_KIND.get(own.path("kind").asText());

            assertThat(ofKind.messages(NullNode.getInstance(), elsewhere(kind), NONE))
                    .isEmpty();
            assertThat(ofKind.messages(NullNode.getInstance(), own, NONE))
                    .singleElement()
                    .asString()
                    .contains("but those for proxies of other namespaces");
        }
    }

    private static JsonNode elsewhere(String kind) throws IOException {
        return YAML.readTree(GOLDEN.resolve("other-namespace/out-shared-" + kind + "-apps.chat-proxy.yaml")
                .toFile());
    }

    @Test
    void objectsOfOthersAreNotChanged() throws IOException {
        JsonNode foreign = YAML.readTree("{kind: ServiceAccount, metadata: {name: theirs}}");
        JsonNode claimed =
                YAML.readTree("{kind: ServiceAccount, metadata: {name: theirs, labels: {wsroute.dev/route: a}}}");
        JsonNode owned = YAML.readTree("{kind: ServiceAccount, metadata: {name: ours, ownerReferences:"
                + " [{apiVersion: wsroute.dev/v1alpha1, kind: WebSocketRoute, name: a, uid: u}]}}");

        assertThat(denials(claimed, foreign)).singleElement().asString().contains(OTHERS);
        assertThat(denials(foreign, NullNode.getInstance())).isNotEmpty();
        assertThat(denials(claimed, owned)).isEmpty();
        assertThat(denials(owned, claimed)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "kind: Secret, type: kubernetes.io/service-account-token | a-proxy-session-key",
                "kind: Secret, type: bootstrap.kubernetes.io/token       | a-proxy-ticket-keys",
                "kind: Secret, type: Opaque                              | bootstrap-token-abcdef",
                "kind: ConfigMap                                         | aws-auth",
            })
    void whatSpeaksForOthersIsDenied(String type, String name) throws IOException {
        JsonNode object =
                YAML.readTree("{" + type + ", metadata: {name: " + name + ", labels: {wsroute.dev/route: a}}}");

        assertThat(denials(object, NullNode.getInstance()))
                .singleElement()
                .asString()
                .startsWith("the " + object.path("kind").asText() + "s of a route are its");
    }

    @Test
    void servicesOfOthersAreNotDeleted() throws IOException {
        JsonNode foreign = YAML.readTree("{kind: Service, metadata: {name: theirs}, spec: {}}");
        JsonNode owned =
                YAML.readTree("{kind: Service, metadata: {name: ours, labels: {wsroute.dev/route: a}}, spec: {}}");

        assertThat(OBJECTS.messages(NullNode.getInstance(), foreign, NONE))
                .singleElement()
                .asString()
                .contains(OTHERS);
        assertThat(OBJECTS.messages(NullNode.getInstance(), owned, NONE)).isEmpty();
    }

    @Test
    void noServiceTakesAnAddressFromTheCluster() throws IOException {
        JsonNode service =
                YAML.readTree("{kind: Service, metadata: {name: a-proxy, labels: {wsroute.dev/route: a}}, spec:"
                        + " {externalIPs: [192.0.2.1]}}");

        assertThat(denials(service, NullNode.getInstance()))
                .containsExactly("the Services of a route have no external addresses");
        assertThat(denials(service, service)).isEmpty();
    }

    @Test
    void ofPodsOnlyTheMetadataIsChanged() throws IOException {
        JsonNode pod = YAML.readTree("{kind: Pod, metadata: {name: p}, spec: {containers: [{name: proxy, image: a}]}}");
        JsonNode costly = YAML.readTree(
                "{kind: Pod, metadata: {name: p, annotations: {a: b}}, spec: {containers: [{name: proxy, image: a}]}}");
        JsonNode other =
                YAML.readTree("{kind: Pod, metadata: {name: p}, spec: {containers: [{name: proxy, image: b}]}}");

        assertThat(PODS.messages(costly, pod, NONE)).isEmpty();
        assertThat(PODS.messages(other, pod, NONE)).containsExactly("the operator of wsroute changes no pod's spec");
    }

    private static List<String> denials(JsonNode object, JsonNode before) {
        PolicyExpressions ofKind = OF_KIND.get(object.path("kind").asText());
        return Stream.concat(
                        OBJECTS.messages(object, before, NONE).stream(),
                        ofKind == null ? Stream.empty() : ofKind.messages(object, before, NONE).stream())
                .toList();
    }
}
