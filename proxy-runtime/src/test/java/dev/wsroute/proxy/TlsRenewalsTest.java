// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.wsroute.proxy.testkit.Frame;
import dev.wsroute.proxy.testkit.RawPeer;
import dev.wsroute.proxy.testkit.TestAuthority;
import dev.wsroute.proxy.testkit.TestAuthority.Issued;
import dev.wsroute.proxy.testkit.TestProxy;
import dev.wsroute.proxy.testkit.TestProxy.Pair;
import dev.wsroute.proxy.tls.TlsFixture;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Repeated renewals while WebSockets are open: of certificates, client CAs and session ticket keys of the listener, and, towards
 * the backend, of its CA and of what the proxy presents.
 */
class TlsRenewalsTest extends ProxyProcessFixture {

    private static final int HANDSHAKES = 5;
    private static final TestAuthority CA = TestAuthority.named("test CA");

    /** Allowance for what the proxy and the test keep for some more handshakes. Leaked contexts would take more. */
    private static final long GROWTH = 4L << 20;

    private static final String BACKEND = "chat.apps.svc";

    private Issued identity = CA.issue("dns:client");
    private Issued presented = identity;
    /** Issued the backend's newest certificate. */
    private TestAuthority trusted = CA;
    /** The backend's. They differ in the CA of its certificate only. */
    private SSLContext newest;

    private SSLContext former;

    @Test
    @Tag("slow")
    void fiftyWebSocketsOutliveThreeRenewalsOfEverything() throws Exception {
        outlive(50, 3);
    }

    @Test
    @Tag("full")
    void aThousandWebSocketsOutliveTenRenewalsOfEverything() throws Exception {
        outlive(1000, 10);
    }

    private void outlive(int connections, int renewals) throws Exception {
        Issued first = renew(0);
        start(document());
        awaitNewest(first);
        awaitNewestBackend();
        List<Pair> open = new ArrayList<>();
        try {
            for (int i = 0; i < connections; i++) {
                open.add(openSecured());
            }
            long before = 0;
            for (int renewal = 1; renewal <= renewals; renewal++) {
                Issued renewed = renew(renewal);
                awaitNewest(renewed);
                awaitNewestBackend();
                for (int i = 0; i < HANDSHAKES; i++) {
                    assertThat(shown()).isEqualTo(renewed.certificate());
                    assertThat(answer(newest)).startsWith("HTTP/1.1 101 ");
                    assertThat(answer(former)).startsWith("HTTP/1.1 502 ");
                }
                before = renewal == 2 ? heap() : before;
            }
            assertThat(heap()).isLessThan(before + GROWTH);
            assertThat(untrusted()).isGreaterThanOrEqualTo(renewals * HANDSHAKES);

            for (Pair tunnel : open) {
                tunnel.client().send(Frame.text("still here", true));
                assertThat(tunnel.backend().readFrame().text()).isEqualTo("still here");
            }
        } finally {
            for (Pair tunnel : open) {
                tunnel.close();
            }
        }
    }

    private String document() {
        return document("ticketKeys: {file: " + file("ticket.keys") + "}\n", one)
                .replace(
                        "[{name: ws, address: 127.0.0.1, port: 0}]",
                        "[{name: wss, address: 127.0.0.1, port: 0, protocol: HTTPS, tls: {certificates: [{certificateFile: "
                                + file("tls.crt") + ", keyFile: " + file("tls.key")
                                + "}], clientCertificates: {caCertificates: [{file: " + file("clients.crt") + "}]}}}]")
                .replace("        backends:\n", "        connections: {connectRetries: 0}\n        backends:\n")
                .replace(
                        "            weight: 1\n",
                        "            weight: 1\n            tls: {hostname: " + BACKEND + ", caCertificates: [{file: "
                                + file("backends.crt") + "}], clientCertificate: {certificateFile: "
                                + file("proxy.crt") + ", keyFile: " + file("proxy.key") + "}}\n");
    }

    private Path file(String name) {
        return folder.resolve(name);
    }

    /**
     * Replaces all files. From now on the test's client presents a certificate of the new CA, and the backend accepts only the
     * proxy's new one.
     */
    private Issued renew(int time) throws Exception {
        TestAuthority clients = TestAuthority.named("clients " + time);
        TestAuthority backends = TestAuthority.named("backends " + time);
        TestAuthority proxies = TestAuthority.named("proxies " + time);
        Issued renewed = CA.issue("dns:chat.example.com");
        replace("ticket.keys", TlsFixture.ticketKeys(time, time + 1, time + 2));
        replace("clients.crt", clients.certificatePem());
        replace("backends.crt", backends.certificatePem());
        presented = proxies.issue("dns:proxy");
        presented.write(file("proxy.crt"), file("proxy.key"));
        renewed.write(file("tls.crt"), file("tls.key"));
        identity = clients.issue("dns:client");
        former = proxies.client(trusted.issue("dns:" + BACKEND));
        newest = proxies.client(backends.issue("dns:" + BACKEND));
        trusted = backends;
        return renewed;
    }

    private void awaitNewestBackend() {
        await().ignoreExceptionsInstanceOf(IOException.class)
                .until(() -> answer(newest).startsWith("HTTP/1.1 101 "));
    }

    /** The answer to a WebSocket handshake, while the backend has this context. */
    private String answer(SSLContext backend) throws IOException {
        one.secureForClients(backend);
        CompletableFuture<Void> accepted = CompletableFuture.runAsync(() -> {
            try (RawPeer behind = one.accept()) {
                behind.readHead();
                assertThat(behind.session().getPeerCertificates()).containsExactly(presented.certificate());
                behind.send(TestProxy.switching());
            } catch (IOException refused) {
                // By one of both: the answer to the client is 502.
            }
        });
        try (RawPeer client = connect()) {
            client.send(TestProxy.handshake());
            return client.readHead();
        } finally {
            accepted.join();
            one.secureForClients(newest);
        }
    }

    private void replace(String name, String text) throws IOException {
        Path next = Files.writeString(file(name + ".next"), text);
        Files.move(next, file(name), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private void awaitNewest(Issued expected) {
        await().ignoreExceptionsInstanceOf(IOException.class).until(() -> shown().equals(expected.certificate()));
    }

    /** The certificate of a handshake after which the proxy has served the client. */
    private Certificate shown() throws IOException {
        try (RawPeer peer = connect()) {
            peer.send("GET / HTTP/1.1\r\nHost: nowhere.example\r\nConnection: close\r\n\r\n");
            assertThat(peer.readHead()).startsWith("HTTP/1.1 404 ");
            return peer.session().getPeerCertificates()[0];
        }
    }

    /** Uses a full handshake, since the server shows no certificate to a client that resumes. */
    private RawPeer connect() throws IOException {
        return RawPeer.secure(listening(), CA.client(identity), "chat.example.com");
    }

    private Pair openSecured() throws IOException {
        RawPeer peer = connect();
        peer.send(TestProxy.handshake());
        RawPeer behind = one.accept();
        behind.readHead();
        behind.send(TestProxy.switching());
        peer.readHead();
        return new Pair(peer, behind);
    }

    /** Number of handshakes in which the backend's certificate was not accepted. */
    private double untrusted() throws Exception {
        return admin("/metrics")
                .body()
                .lines()
                .filter(line ->
                        line.startsWith("wsroute_backend_tls_failures_total{") && line.contains("\"untrusted\""))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    /** Used bytes after a garbage collection. */
    private static long heap() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }
}
