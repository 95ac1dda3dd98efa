// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.Pod;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The test acts as cert-manager: it writes Secrets late, renews them, and breaks them. */
@Scenario
class CertificatesIT {

    private static final int PORT = 8443;

    @TempDir
    Path folder;

    @Test
    @DisplayName(
            "I1, I3: certificates come late, are renewed and break while a WebSocket stays open and no proxy restarts")
    void certificatesChangeUnderAnOpenWebSocket(Space space) throws Exception {
        space.backend("chat", 1);
        Route route = space.apply("chat", secure("chat-tls"));
        assertProblem(route, space, "chat-tls", "does not exist");
        Pod proxy = route.proxies().get(0);
        Map<String, List<Integer>> restarts = route.restarts();

        ServerCertificate first = certificate(proxy, "first");
        first.writeTo(space, "chat-tls");
        route.awaitReady();
        awaitPresented(proxy, first);
        EchoListener messages = new EchoListener();
        WebSocket webSocket = open(proxy, first, messages);
        assertEchoed(webSocket, messages, "one");

        ServerCertificate renewed = certificate(proxy, "renewed");
        renewed.writeTo(space, "chat-tls");
        awaitPresented(proxy, renewed);
        assertEchoed(webSocket, messages, "two");
        route.awaitReady();

        renewed.withKeyOf(first).writeTo(space, "chat-tls");
        assertThat(assertProblem(route, space, "chat-tls", "key does not match").getMessage())
                .contains("The last good one is in force, until ");
        assertThat(presented(proxy)).isEqualTo(renewed.x509());
        assertEchoed(webSocket, messages, "three");

        ServerCertificate other = certificate(proxy, "other");
        other.writeTo(space, "other-tls");
        route.apply(secure("other-tls"));
        awaitPresented(proxy, other);
        route.awaitReady();
        assertEchoed(webSocket, messages, "four");

        assertThat(route.proxies())
                .extracting(pod -> pod.getMetadata().getUid())
                .containsExactly(proxy.getMetadata().getUid());
        assertThat(route.restarts()).isEqualTo(restarts);
        webSocket.abort();
    }

    private static Spec secure(String secret) {
        return Spec.to("chat")
                .proxy("listeners: [{name: wss, port: " + PORT + ", protocol: HTTPS, tls: {certificateRefs: [{name: "
                        + secret + "}]}}]");
    }

    private static Condition assertProblem(Route route, Space space, String secret, String problem) {
        return Awaitility.await(problem)
                .until(
                        () -> route.awaitCondition("ResolvedRefs", "False"),
                        condition -> condition.getReason().equals("InvalidCertificateRef")
                                && condition.getMessage().contains("Secret " + space.namespace() + "/" + secret)
                                && condition.getMessage().contains(problem));
    }

    private ServerCertificate certificate(Pod proxy, String name) throws IOException {
        return ServerCertificate.forAddress(proxy.getStatus().getPodIP(), Files.createDirectory(folder.resolve(name)));
    }

    private static void awaitPresented(Pod proxy, ServerCertificate certificate) {
        Awaitility.await("a handshake with the certificate")
                .pollInterval(Duration.ofMillis(50))
                .ignoreExceptionsInstanceOf(IOException.class)
                .until(() -> presented(proxy).equals(certificate.x509()));
    }

    /** The certificate presented in a new handshake. */
    private static Object presented(Pod proxy) throws IOException, GeneralSecurityException {
        try (Socket socket = new Socket(proxy.getStatus().getPodIP(), PORT);
                SSLSocket tls = (SSLSocket) AnyCertificate.context()
                        .getSocketFactory()
                        .createSocket(socket, proxy.getStatus().getPodIP(), PORT, true)) {
            tls.startHandshake();
            return tls.getSession().getPeerCertificates()[0];
        } catch (SSLException e) {
            throw new IOException("The handshake failed", e);
        }
    }

    private static WebSocket open(Pod proxy, ServerCertificate trusted, WebSocket.Listener listener) throws Exception {
        return HttpClient.newBuilder()
                .sslContext(trusted.client())
                .build()
                .newWebSocketBuilder()
                .buildAsync(URI.create("wss://" + proxy.getStatus().getPodIP() + ":" + PORT + "/"), listener)
                .get(20, TimeUnit.SECONDS);
    }

    private static void assertEchoed(WebSocket webSocket, EchoListener messages, String text) throws Exception {
        webSocket.sendText(text, true).get(10, TimeUnit.SECONDS);
        assertThat(messages.received.poll(10, TimeUnit.SECONDS)).isEqualTo(text);
    }

    private static final class EchoListener implements WebSocket.Listener {

        private final BlockingQueue<String> received = new LinkedBlockingQueue<>();

        @Override
        public CompletionStage<?> onText(WebSocket webSocket, CharSequence data, boolean last) {
            received.add(data.toString());
            return WebSocket.Listener.super.onText(webSocket, data, last);
        }
    }
}
