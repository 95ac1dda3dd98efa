// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** After a roll-out, a client resumes its TLS session on a proxy that did not exist when the session began. */
@Scenario
class SessionResumptionIT {

    private static final int PORT = 8443;
    private static final String HOST = "chat.example.com";

    @TempDir
    Path folder;

    @Test
    @DisplayName("after a roll-out, a client resumes its TLS session on the new proxy")
    void aSessionIsResumedAfterARollout(Space space) throws Exception {
        space.backend("chat", 1);
        Spec spec = Spec.to("chat")
                .replicas(1)
                .shutdownOver("0s")
                .proxy("listeners: [{name: wss, port: " + PORT
                        + ", protocol: HTTPS, tls: {certificateRefs: [{name: chat-tls}]}}]");
        ServerCertificate.forAddress("192.0.2.1", folder).writeTo(space, "chat-tls");
        Route route = space.apply("chat", spec).awaitReady();
        Pod old = route.proxies().get(0);
        SSLContext client = AnyCertificate.context();

        connect(client, old);
        assertThat(resumed(old)).isEqualTo("0.0");
        route.apply(spec.proxy("resources: {requests: {cpu: 20m}}"));

        Pod replacement = Awaitility.await("the new proxy")
                .until(
                        () -> route.proxies().stream()
                                .filter(EchoBackend::isReady)
                                .filter(pod -> !pod.getMetadata()
                                        .getUid()
                                        .equals(old.getMetadata().getUid()))
                                .findFirst(),
                        Optional::isPresent)
                .orElseThrow();
        connect(client, replacement);
        assertThat(resumed(replacement)).isEqualTo("1.0");
    }

    /** Sends one request. To the client, all proxies are the same server. */
    private static void connect(SSLContext client, Pod proxy) throws IOException {
        try (Socket socket = new Socket(proxy.getStatus().getPodIP(), PORT);
                SSLSocket tls = (SSLSocket) client.getSocketFactory().createSocket(socket, HOST, PORT, true)) {
            tls.getOutputStream()
                    .write(("GET / HTTP/1.1\r\nHost: " + HOST + "\r\nConnection: close\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            assertThat(tls.getInputStream().readAllBytes()).isNotEmpty();
        }
    }

    /** Number of sessions that a proxy has resumed. */
    private static String resumed(Pod proxy) throws Exception {
        URI uri = URI.create("http://" + proxy.getStatus().getPodIP() + ":9901/metrics");
        String name = "wsroute_tls_handshakes_total{listener=\"wss\",resumed=\"true\"} ";
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString())
                .body()
                .lines()
                .filter(line -> line.startsWith(name))
                .map(line -> line.substring(name.length()))
                .findFirst()
                .orElseThrow(() -> new AssertionError("there is no metric " + name));
    }
}
