// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSliceBuilder;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A backend with TLS in this process, which the embedded cluster can reach. */
@Scenario
class BackendCertificatesIT {

    private static final String HOST = "127.0.0.1";

    @TempDir
    Path folder;

    private HttpsServer backend;

    @Test
    @DisplayName("I3: the port of a Service asks for TLS, and the CA of the backend comes late, is renewed and breaks")
    void caCertificatesOfABackendChange(SuiteCluster cluster, Space space) throws Exception {
        cluster.embeddedApi();
        ServerCertificate first = certificate(space, "first");
        serve(first, 0);
        try {
            service(space, backend.getAddress().getPort());
            Route route = space.apply("secured", Spec.to("secured", "wss")).awaitReady();
            assertThat(status(route))
                    .as("no public CA has issued its certificate")
                    .isEqualTo(502);

            route.apply(
                    Spec.to("secured", "wss")
                            .rule(
                                    "backendRefs: [{service: {name: secured, port: wss}, tls: {caCertificateRefs: [{name: backends}]}}]"));
            awaitProblem(route, "ConfigMap " + space.namespace() + "/backends does not exist");
            first.writeAsAuthority(space, "backends");
            route.awaitReady();
            awaitStatus(route, 204);
            // The first reference to an object caused a roll-out.
            Awaitility.await("the end of the former proxy")
                    .until(() -> route.restarts().size() == 1);
            Map<String, List<Integer>> restarts = route.restarts();

            ServerCertificate renewed = certificate(space, "renewed");
            int port = backend.getAddress().getPort();
            backend.stop(0);
            serve(renewed, port);
            assertThat(status(route)).isEqualTo(502);
            renewed.writeAsAuthority(space, "backends");
            awaitStatus(route, 204);

            space.configMap("backends", "ca.crt", "nonsense");
            awaitProblem(route, "ConfigMap " + space.namespace() + "/backends");
            assertThat(status(route)).as("the last good one stays in force").isEqualTo(204);
            assertThat(route.restarts()).isEqualTo(restarts);
        } finally {
            backend.stop(0);
        }
    }

    private ServerCertificate certificate(Space space, String name) throws IOException {
        return ServerCertificate.forHost(
                "secured." + space.namespace() + ".svc", Files.createDirectory(folder.resolve(name)));
    }

    private void serve(ServerCertificate certificate, int port) throws IOException, GeneralSecurityException {
        backend = HttpsServer.create(new InetSocketAddress(HOST, port), 0);
        backend.createContext("/", exchange -> {
            exchange.sendResponseHeaders(204, -1);
            exchange.close();
        });
        backend.setHttpsConfigurator(new HttpsConfigurator(certificate.server()));
        backend.start();
    }

    private static void service(Space space, int port) {
        space.client()
                .resource(new ServiceBuilder()
                        .withNewMetadata()
                        .withNamespace(space.namespace())
                        .withName("secured")
                        .endMetadata()
                        .withNewSpec()
                        .addNewPort()
                        .withName("wss")
                        .withPort(443)
                        .withAppProtocol("kubernetes.io/wss")
                        .endPort()
                        .endSpec()
                        .build())
                .create();
        space.client()
                .resource(new EndpointSliceBuilder()
                        .withNewMetadata()
                        .withNamespace(space.namespace())
                        .withName("secured-1")
                        .addToLabels("kubernetes.io/service-name", "secured")
                        .endMetadata()
                        .withAddressType("IPv4")
                        .addNewPort()
                        .withName("wss")
                        .withPort(port)
                        .withProtocol("TCP")
                        .endPort()
                        .addNewEndpoint()
                        .withAddresses(HOST)
                        .endEndpoint()
                        .build())
                .create();
    }

    private static void awaitProblem(Route route, String problem) {
        Awaitility.await(problem)
                .until(
                        () -> route.awaitCondition("ResolvedRefs", "False"),
                        condition -> isInvalid(condition)
                                && condition.getMessage().startsWith("Rule main, backend service/secured:wss: ")
                                && condition.getMessage().contains(problem));
    }

    private static boolean isInvalid(Condition condition) {
        return condition.getReason().equals("InvalidCertificateRef");
    }

    private static void awaitStatus(Route route, int status) {
        Awaitility.await("status " + status)
                .pollInterval(Duration.ofMillis(50))
                .ignoreExceptionsInstanceOf(IOException.class)
                .until(() -> status(route) == status);
    }

    private static int status(Route route) throws IOException, InterruptedException {
        URI uri = URI.create(route.uri().toString().replace("ws://", "http://"));
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(uri).build(), BodyHandlers.discarding())
                .statusCode();
    }
}
