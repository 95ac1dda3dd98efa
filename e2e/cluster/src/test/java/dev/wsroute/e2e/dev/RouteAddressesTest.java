// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.dev;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.wsroute.e2e.cluster.api.EmbeddedApi;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The addresses of routes on an existing cluster. */
@Timeout(60)
class RouteAddressesTest {

    private static final PatchContext MERGE = PatchContext.of(PatchType.JSON_MERGE);
    private static final String REFUSAL = "HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n";

    private final EmbeddedApi api = EmbeddedApi.start();
    private final KubernetesClient client = newClient(api);
    private final ServerSocket proxy = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    private final URI uri = URI.create("ws://127.0.0.1:" + proxy.getLocalPort() + "/");

    RouteAddressesTest() throws IOException {}

    private static KubernetesClient newClient(EmbeddedApi api) {
        Config config =
                new ConfigBuilder(Config.empty()).withMasterUrl(api.url()).build();
        return new KubernetesClientBuilder().withConfig(config).build();
    }

    @BeforeEach
    void aNode() {
        client.resource(new NodeBuilder()
                        .withNewMetadata()
                        .withName("one")
                        .endMetadata()
                        .build())
                .create();
        client.nodes().withName("one").subresource("status").patch(MERGE, """
                {"status": {"addresses": [
                  {"type": "Hostname", "address": "one.invalid"}, {"type": "InternalIP", "address": "127.0.0.1"}]}}""");
    }

    @AfterEach
    void stop() throws IOException {
        proxy.close();
        client.close();
        api.close();
    }

    @Test
    void anAddressCountsOnceAProxyHasAnsweredThere() throws Exception {
        service(1);
        balancedAt(proxy.getLocalPort());
        CompletableFuture<URI> found = find(Duration.ofDays(1));

        answer("");
        answer("220 another program\r\n");
        answer(REFUSAL);

        assertThat(found.join()).isEqualTo(uri);
    }

    @Test
    void whereNoLoadBalancerAnswersNodePortsDo() throws Exception {
        service(proxy.getLocalPort());
        CompletableFuture<URI> found = find(Duration.ZERO);

        answer(REFUSAL);

        assertThat(found.join()).isEqualTo(uri);
    }

    @Test
    void whereOneAnswersNodePortsAreNotAsked() throws Exception {
        service(1);
        balancedAt(proxy.getLocalPort());
        CompletableFuture<URI> found = find(Duration.ZERO);

        answer(REFUSAL);

        assertThat(found.join()).isEqualTo(uri);
    }

    private CompletableFuture<URI> find(Duration forLoadBalancer) {
        return CompletableFuture.supplyAsync(() -> {
            try {
                return new RouteAddresses(client, forLoadBalancer).await("default", "chat");
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    private void service(int nodePort) {
        client.resource(new ServiceBuilder()
                        .withNewMetadata()
                        .withName("chat-proxy")
                        .withNamespace("default")
                        .endMetadata()
                        .withNewSpec()
                        .withType("LoadBalancer")
                        .addNewPort()
                        .withPort(80)
                        .withNodePort(nodePort)
                        .endPort()
                        .endSpec()
                        .build())
                .create();
    }

    private void balancedAt(int port) {
        client.services()
                .inNamespace("default")
                .withName("chat-proxy")
                .subresource("status")
                .patch(MERGE, """
                        {"status": {"loadBalancer": {"ingress": [
                          {"ip": "127.0.0.1", "ports": [{"port": %d, "protocol": "TCP"}]}]}}}""".formatted(port));
    }

    /** Does this with the next client once it has connected. */
    private void answer(String text) throws IOException {
        try (Socket client = proxy.accept()) {
            client.getInputStream().read(new byte[1024]);
            client.getOutputStream().write(text.getBytes(US_ASCII));
        }
    }
}
