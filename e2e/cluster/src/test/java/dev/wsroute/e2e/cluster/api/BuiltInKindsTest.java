// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.cluster.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BuiltInKindsTest extends ApiUnderTest {

    @Test
    void aServiceGetsAnAddressOfItsOwnAndKeepsIt() {
        Service one = create("kind: Service, metadata: {name: a}, spec: {ports: [{port: 80}]}", Service.class);
        Service other = create("kind: Service, metadata: {name: b}, spec: {ports: [{port: 80}]}", Service.class);

        assertThat(one.getSpec().getClusterIP())
                .isNotBlank()
                .isNotEqualTo(other.getSpec().getClusterIP());
        assertThat(one.getSpec().getPorts().get(0).getTargetPort().getIntVal()).isEqualTo(80);

        Service bare = parse("kind: Service, metadata: {name: a}, spec: {ports: [{port: 81}]}", Service.class);
        assertThat(client.resource(bare).update().getSpec().getClusterIP())
                .isEqualTo(one.getSpec().getClusterIP());
    }

    @Test
    void aLoadBalancerGetsNodePortsAndAHeadlessServiceNoAddress() {
        Service balanced = create(
                "kind: Service, metadata: {name: a}, spec: {type: LoadBalancer, ports: [{port: 80}]}", Service.class);
        Service headless =
                create("kind: Service, metadata: {name: b}, spec: {clusterIP: None, selector: {a: b}}", Service.class);

        assertThat(balanced.getSpec().getPorts().get(0).getNodePort()).isBetween(30_000, 32_767);
        assertThat(headless.getSpec().getClusterIP()).isEqualTo("None");
    }

    @Test
    void plainTextInASecretIsStoredAsBase64() {
        Secret secret = create("kind: Secret, metadata: {name: s}, stringData: {k: v}", Secret.class);

        assertThat(secret.getData()).containsEntry("k", "dg==");
        assertThat(secret.getStringData()).isEmpty();
        assertThat(secret.getType()).isEqualTo("Opaque");
    }

    @Test
    void aNameIsGeneratedFromItsPrefix() {
        ConfigMap unnamed = new ConfigMapBuilder()
                .withNewMetadata()
                .withGenerateName("c-")
                .withNamespace("default")
                .endMetadata()
                .build();

        String first = client.resource(unnamed).create().getMetadata().getName();
        String second = client.resource(unnamed).create().getMetadata().getName();

        assertThat(first).matches("c-[a-z0-9]{5}").isNotEqualTo(second);
    }

    @Test
    void twoPortsOfOneNameAreRefused() {
        assertThatThrownBy(() -> create(
                        "kind: Service, metadata: {name: a}, spec: {ports: [{name: ws, port: 80}, {name: ws, port: 81}]}",
                        Service.class))
                .hasMessageContaining("spec.ports[1].name: Duplicate value: \"ws\"");
    }

    @ParameterizedTest
    @CsvSource({
        "IPv4, 169.254.169.254, 'in the link-local range (169.254.0.0/16, fe80::/10)'",
        "IPv6, fe80::1, 'in the link-local range (169.254.0.0/16, fe80::/10)'",
        "IPv4, 0.0.0.0, unspecified (0.0.0.0)",
    })
    void addressesThatNoEndpointHasAreRefused(String type, String address, String why) {
        assertThatThrownBy(() -> create(
                        "apiVersion: discovery.k8s.io/v1, kind: EndpointSlice, metadata: {name: a}, addressType: "
                                + type + ", endpoints: [{addresses: ['" + address + "']}]",
                        EndpointSlice.class))
                .hasMessageContaining(
                        "endpoints[0].addresses[0]: Invalid value: \"" + address + "\": may not be " + why);
    }

    @Test
    void whatCannotBeIsRefusedWithTheField() {
        assertThatThrownBy(() -> create(
                        "apiVersion: apps/v1, kind: Deployment, metadata: {name: d}, spec: {selector: {matchLabels: {a: b}},"
                                + " template: {metadata: {labels: {a: c}}, spec: {containers: [{name: x}]}}}",
                        Deployment.class))
                .hasMessageContaining("`selector` does not match template `labels`")
                .hasMessageContaining("spec.template.spec.containers[0].image: Required value");
        assertThatThrownBy(() -> create("kind: ConfigMap, metadata: {name: Big_Name}", ConfigMap.class))
                .hasMessageContaining("a lowercase RFC 1123 subdomain");
    }

    @Test
    void nothingIsCreatedInANamespaceThatIsNotThere() {
        ConfigMap lost = configMap("c", "k", "1");
        lost.getMetadata().setNamespace("nowhere");

        assertThatThrownBy(() -> client.resource(lost).create())
                .isInstanceOfSatisfying(
                        KubernetesClientException.class,
                        e -> assertThat(e.getCode()).isEqualTo(404))
                .hasMessageContaining("namespaces \"nowhere\" not found");
    }

    @Test
    void strictValidationNamesTheUnknownFieldAndLenientWarnsOfIt() throws Exception {
        String body = "{\"metadata\": {\"name\": \"c\"}, \"dada\": {}}";

        HttpResponse<String> strict = post("/api/v1/namespaces/default/configmaps?fieldValidation=Strict", body);
        HttpResponse<String> lenient = post("/api/v1/namespaces/default/configmaps", body);

        assertThat(strict.statusCode()).isEqualTo(400);
        assertThat(strict.body()).contains("strict decoding error: unknown field \\\"dada\\\"");
        assertThat(lenient.statusCode()).isEqualTo(201);
        assertThat(lenient.headers().firstValue("Warning"))
                .hasValueSatisfying(warning -> assertThat(warning).contains("unknown field"));
    }

    @Test
    void kubectlsProtobufFormOfCreateNamespaceIsUnderstood() throws Exception {
        byte[] body = HexFormat.of()
                .parseHex(
                        "6b3873000a0f0a02763112094e616d657370616365121b0a130a03666f6f12001a0022002a0032003800420012001a"
                                + "020a001a002200");
        HttpRequest request = HttpRequest.newBuilder(URI.create(api.url() + "/api/v1/namespaces"))
                .header("Content-Type", "application/vnd.kubernetes.protobuf")
                .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                .build();

        HttpResponse<String> response = HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());

        assertThat(response.statusCode()).isEqualTo(201);
        assertThat(client.namespaces().withName("foo").get()).isNotNull();
    }

    @Test
    void aLogIsReadFromTheSourceThatTheNodeOffers() {
        api.podLogs((namespace, pod, container, previous) -> namespace + " " + pod + " " + container + "\nlast\n");
        create(
                "kind: Pod, metadata: {name: p}, spec: {containers: [{name: main, image: example}]}",
                io.fabric8.kubernetes.api.model.Pod.class);

        assertThat(client.pods().withName("p").getLog()).isEqualTo("default p main\nlast\n");
        assertThat(client.pods().withName("p").tailingLines(1).getLog()).isEqualTo("last\n");
    }

    @Test
    void anEventIsTheSameInBothOfItsGroups() {
        create(
                "kind: Event, metadata: {name: e}, involvedObject: {kind: Pod, name: p}, reason: R, message: m",
                io.fabric8.kubernetes.api.model.Event.class);

        var seen = client.events()
                .v1()
                .events()
                .withField("regarding.name", "p")
                .list()
                .getItems();
        assertThat(seen).hasSize(1);
        assertThat(seen.get(0).getNote()).isEqualTo("m");

        client.events().v1().events().withName("e").edit(event -> {
            event.setNote("n");
            return event;
        });
        assertThat(client.v1().events().withName("e").get().getMessage()).isEqualTo("n");
    }

    private HttpResponse<String> post(String path, String body) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(api.url() + path))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
    }

    private <T extends HasMetadata> T create(String flowYaml, Class<T> type) {
        return client.resource(parse(flowYaml, type)).create();
    }

    private <T extends HasMetadata> T parse(String flowYaml, Class<T> type) {
        String version = flowYaml.startsWith("apiVersion") ? "" : "apiVersion: v1, ";
        T object = Serialization.unmarshal("---\n{" + version + flowYaml + "}", type);
        object.getMetadata().setNamespace("default");
        return object;
    }
}
