// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.install;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.marcnuri.helm.Helm;
import com.marcnuri.helm.LintResult;
import com.marcnuri.helm.TemplateCommand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The Helm chart: it renders what the overlays of kustomize do, and refuses bad values. */
class ChartTest {

    private static final Path CHART = Kustomization.DEPLOY.resolve("helm/wsroute");
    private static final Path KUSTOMIZE = Kustomization.DEPLOY.resolve("kustomize");
    private static final String NAMESPACE = "wsroute-system";

    /** An overlay of kustomize is installed without Helm, in a namespace of its own. */
    private static final Map<String, Object> AS_KUSTOMIZE = Map.of("createNamespace", true, "crds.keep", false);

    @TempDir
    private Path folder;

    @Test
    void lintFindsNothing() {
        LintResult result = new Helm(CHART).lint().strict().call();

        assertThat(result.getMessages()).allMatch(message -> message.startsWith("[INFO]"));
        assertThat(result.isFailed()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "cluster-wide,    clusterWide=true",
        "namespaced,      clusterWide=false",
        "with-monitoring, clusterWide=true podMonitor.enabled=true prometheusRule.enabled=true dashboard.enabled=true"
    })
    void itRendersTheObjectsOfTheOverlay(String overlay, String values) throws Exception {
        assertThat(render(CHART, AS_KUSTOMIZE, values.split(" ")))
                .containsExactlyInAnyOrderElementsOf(
                        inNamespace(Kustomization.build(KUSTOMIZE.resolve("overlays/" + overlay))));
    }

    @Test
    void itRendersTheNetworkPolicyOfTheComponent() throws Exception {
        JsonNode policy = only("NetworkPolicy", render(CHART, Map.of(), "networkPolicy.enabled=true"));

        assertThat(policy)
                .isEqualTo(Kustomization.documents(
                                Files.readString(KUSTOMIZE.resolve("network-policies/network-policy.yaml")))
                        .get(0));
        assertThat(only(
                                "NetworkPolicy",
                                render(
                                        CHART,
                                        Map.of(),
                                        "networkPolicy.enabled=true",
                                        "networkPolicy.monitoringNamespace=watchers"))
                        .toString())
                .contains("watchers");
    }

    @Test
    void withoutValuesItHasRightsInOneNamespaceOnlyAndKeepsTheDefinitions() throws Exception {
        List<JsonNode> objects = render(CHART, Map.of());

        assertThat(objects).extracting(ChartTest::kind).doesNotContain("ClusterRoleBinding", "Namespace");
        assertThat(objects)
                .filteredOn(object -> kind(object).equals("RoleBinding"))
                .extracting(object -> object.at("/metadata/namespace").asText())
                .containsExactlyInAnyOrder(NAMESPACE, NAMESPACE, "default");
        assertThat(objects)
                .filteredOn(object -> kind(object).equals("CustomResourceDefinition"))
                .extracting(object -> object.at("/metadata/annotations/helm.sh~1resource-policy")
                        .asText())
                .containsExactly("keep", "keep");
    }

    @Test
    void eachNamespaceGetsABindingAndIsMonitored() throws Exception {
        List<JsonNode> objects =
                render(CHART, Map.of(), "namespaces[0]=apps", "namespaces[1]=games", "podMonitor.enabled=true");

        assertThat(objects)
                .filteredOn(object -> kind(object).equals("RoleBinding"))
                .extracting(object -> object.at("/metadata/namespace").asText())
                .containsExactlyInAnyOrder(NAMESPACE, NAMESPACE, "apps", "games");
        assertThat(only("Deployment", objects).toString())
                .contains("{\"name\":\"WSROUTE_NAMESPACES\",\"value\":\"apps,games\"}");
        assertThat(objects)
                .filteredOn(object -> kind(object).equals("PodMonitor"))
                .extracting(object -> object.at("/spec/namespaceSelector").toString())
                .containsExactlyInAnyOrder("", "{\"matchNames\":[\"apps\",\"games\"]}");
    }

    @Test
    void theLimitsOfRoutesAreValuesAndThePolicyReadsThemInTheNamespaceOfTheRelease() throws Exception {
        List<JsonNode> objects =
                render(CHART, Map.of(), "limits.serviceTypes=ClusterIP LoadBalancer", "limits.maxReplicas=20");

        assertThat(only("ConfigMap", objects).path("data").toString())
                .isEqualTo("{\"maxReplicas\":\"20\",\"serviceTypes\":\"ClusterIP LoadBalancer\"}");
        assertThat(objects)
                .filteredOn(object -> kind(object).equals("ValidatingAdmissionPolicyBinding")
                        && object.at("/metadata/name").asText().startsWith("wsroute-limits"))
                .hasSize(2)
                .allMatch(binding ->
                        binding.at("/spec/paramRef/namespace").asText().equals(NAMESPACE));
        assertThat(render(CHART, Map.of(), "limitsPolicy=false", "operatorPolicy=false"))
                .noneMatch(object -> kind(object).startsWith("ValidatingAdmission"));
    }

    @Test
    void thePoliciesOfTheOperatorAreAboutTheServiceAccountOfTheRelease() throws Exception {
        String objects = new Helm(CHART)
                .template()
                .withName("wsroute")
                .withNamespace("edge")
                .withKubeVersion("1.34.0")
                .set("prometheusRule.enabled", "true")
                .set("podMonitor.enabled", "true")
                .call();

        assertThat(objects)
                .contains("request.userInfo.username == 'system:serviceaccount:edge:wsroute-operator'")
                .doesNotContain("wsroute-system");
    }

    @Test
    void whatAnOverlayDoesNotHaveIsInTheDeployment() throws Exception {
        String digest = "sha256:" + "0123456789abcdef".repeat(4);
        JsonNode pod = only(
                        "Deployment",
                        render(
                                CHART,
                                Map.of(),
                                "image.repository=registry.example.com/wsroute/operator",
                                "image.digest=" + digest,
                                "proxy.image.repository=registry.example.com/wsroute/proxy",
                                "proxy.image.tag=v1",
                                "imagePullSecrets[0].name=pull",
                                "priorityClassName=platform",
                                "podAnnotations.team=edge",
                                "nodeSelector.pool=infra",
                                "tolerations[0].key=infra",
                                "affinity.podAntiAffinity.a=b",
                                "logLevel=DEBUG",
                                "logFormat=json",
                                "replicas=2"))
                .at("/spec/template");

        assertThat(pod.at("/spec/containers/0/image").asText())
                .isEqualTo("registry.example.com/wsroute/operator@" + digest);
        assertThat(pod.at("/spec/containers/0/env").toString())
                .contains(
                        "registry.example.com/wsroute/proxy:v1",
                        "{\"name\":\"WSROUTE_LOG_LEVEL\",\"value\":\"DEBUG\"}",
                        "{\"name\":\"WSROUTE_LOG_FORMAT\",\"value\":\"json\"}");
        assertThat(pod.at("/spec/imagePullSecrets/0/name").asText()).isEqualTo("pull");
        assertThat(pod.at("/spec/priorityClassName").asText()).isEqualTo("platform");
        assertThat(pod.at("/metadata/annotations/team").asText()).isEqualTo("edge");
        assertThat(pod.at("/spec/nodeSelector/pool").asText()).isEqualTo("infra");
        assertThat(pod.at("/spec/tolerations/0/key").asText()).isEqualTo("infra");
        assertThat(pod.at("/spec/affinity/podAntiAffinity/a").asText()).isEqualTo("b");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "namespaces[0]=Apps        | at '/namespaces/0': 'Apps' does not match pattern",
                "replicas=many             | at '/replicas': got string, want integer",
                "replica=2                 | additional properties 'replica' not allowed",
                "image.digest=sha256:1     | at '/image/digest': 'sha256:1' does not match pattern",
                "logLevel=LOUD             | at '/logLevel': value must be one of",
                "limits.image=*           | invalid propertyName 'image'",
                "crds.install=perhaps      | at '/crds/install': got string, want boolean"
            })
    void aBadValueIsRefusedWithASentence(String value, String sentence) {
        assertThatThrownBy(() -> render(CHART, Map.of(), value))
                .hasMessageContaining("values don't meet the specifications of the schema")
                .hasMessageContaining(sentence);
    }

    @Test
    void eachValueIsInTheSchemaAndTheOtherWayRound() throws IOException {
        JsonNode values = new YAMLMapper().readTree(CHART.resolve("values.yaml").toFile());
        JsonNode schema =
                new ObjectMapper().readTree(CHART.resolve("values.schema.json").toFile());
        Set<String> known = new TreeSet<>();
        collect("", schema, schema, known);
        // Helm's own.
        known.remove("/global");

        assertThat(keys("", values, known)).isEqualTo(known);
    }

    @Test
    void itsTestAsksForTheRightsInARestrictedPod() throws Exception {
        // Helm renders no hooks here.
        Path chart = folder.resolve("wsroute");
        copy(CHART, chart);
        Path test = chart.resolve("templates/tests/check.yaml");
        Files.writeString(test, Files.readString(test).replaceAll(" +helm.sh/hook.*\n", ""));
        Files.move(test, chart.resolve("templates/check.yaml"));

        JsonNode pod = only("Pod", render(chart, Map.of()));

        assertThat(pod.at("/spec/containers/0/args").toString()).isEqualTo("[\"--check\"]");
        assertThat(pod.at("/spec/serviceAccountName").asText()).isEqualTo("wsroute-operator");
        RestrictedPods.assertRestricted(pod.path("spec"));
    }

    @Test
    void theOperatorsPodIsRestricted() throws Exception {
        RestrictedPods.assertRestricted(
                only("Deployment", render(CHART, Map.of())).at("/spec/template/spec"));
    }

    @Test
    void itsFilesAreThoseOfKustomize() throws IOException {
        try (Stream<Path> files = Files.list(CHART.resolve("files"))) {
            for (Path file : files.toList()) {
                try (Stream<Path> originals = Files.find(
                        Kustomization.DEPLOY,
                        4,
                        (path, attributes) -> path.endsWith(file.getFileName())
                                && !path.startsWith(CHART)
                                && !path.startsWith(Kustomization.DEPLOY.resolve("examples")))) {
                    assertThat(originals.toList())
                            .as("run `make install-yaml` and commit the result")
                            .singleElement()
                            .satisfies(original -> assertThat(file).hasSameTextualContentAs(original));
                }
            }
        }
    }

    private static List<JsonNode> render(Path chart, Map<String, Object> more, String... values) throws IOException {
        TemplateCommand template = new Helm(chart)
                .template()
                .withName("wsroute")
                .withNamespace(NAMESPACE)
                .withKubeVersion("1.34.0");
        more.forEach(template::set);
        for (String value : values) {
            template.set(value.substring(0, value.indexOf('=')), value.substring(value.indexOf('=') + 1));
        }
        return inNamespace(Kustomization.documents(template.call()));
    }

    /** Helm and kubectl put an object without a namespace into that of the release or of the command. */
    private static List<JsonNode> inNamespace(List<JsonNode> objects) {
        for (JsonNode object : objects) {
            ObjectNode metadata = (ObjectNode) object.get("metadata");
            if (!metadata.has("namespace")
                    && !kind(object).matches("Namespace|Cluster.*|CustomResourceDefinition|ValidatingAdmission.*")) {
                metadata.put("namespace", NAMESPACE);
            }
        }
        return objects;
    }

    private static JsonNode only(String kind, List<JsonNode> objects) {
        List<JsonNode> found =
                objects.stream().filter(object -> kind(object).equals(kind)).toList();
        assertThat(found).as(kind).hasSize(1);
        return found.get(0);
    }

    private static String kind(JsonNode object) {
        return object.path("kind").asText();
    }

    private static void collect(String path, JsonNode schema, JsonNode root, Set<String> known) {
        JsonNode properties = resolved(schema, root).path("properties");
        properties.properties().forEach(property -> {
            String name = path + "/" + property.getKey();
            if (resolved(property.getValue(), root).has("properties")) {
                collect(name, property.getValue(), root, known);
            } else {
                known.add(name);
            }
        });
    }

    private static JsonNode resolved(JsonNode schema, JsonNode root) {
        return schema.has("$ref") ? root.at(schema.get("$ref").asText().substring(1)) : schema;
    }

    /** The paths of the values, down to those that the schema knows. */
    private static Set<String> keys(String path, JsonNode values, Set<String> known) {
        Set<String> keys = new TreeSet<>();
        values.properties().forEach(value -> {
            String name = path + "/" + value.getKey();
            if (known.contains(name) || !value.getValue().isObject()) {
                keys.add(name);
            } else {
                keys.addAll(keys(name, value.getValue(), known));
            }
        });
        return keys;
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Path target = to.resolve(from.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(file, target);
                }
            }
        }
    }
}
