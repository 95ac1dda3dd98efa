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
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Repeated renewals of certificates, client CAs and session ticket keys while WebSockets are open. */
class TlsRenewalsTest extends ProxyProcessFixture {

    private static final int HANDSHAKES = 5;
    private static final TestAuthority CA = TestAuthority.named("test CA");

    /** Allowance for what the proxy and the test keep for some more handshakes. Leaked contexts would take more. */
    private static final long GROWTH = 4L << 20;

    private Issued identity = CA.issue("dns:client");

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
        start(document("ticketKeys: {file: " + folder.resolve("ticket.keys") + "}\n", one)
                .replace(
                        "[{name: ws, address: 127.0.0.1, port: 0}]",
                        "[{name: wss, address: 127.0.0.1, port: 0, protocol: HTTPS, tls: {certificates: [{certificateFile: "
                                + folder.resolve("tls.crt") + ", keyFile: " + folder.resolve("tls.key")
                                + "}], clientCertificates: {caCertificates: [{file: " + folder.resolve("clients.crt")
                                + "}]}}}]"));
        awaitNewest(first);
        List<Pair> open = new ArrayList<>();
        try {
            for (int i = 0; i < connections; i++) {
                open.add(openSecured());
            }
            long before = 0;
            for (int renewal = 1; renewal <= renewals; renewal++) {
                Issued renewed = renew(renewal);
                awaitNewest(renewed);
                for (int i = 0; i < HANDSHAKES; i++) {
                    assertThat(shown()).isEqualTo(renewed.certificate());
                }
                before = renewal == 2 ? heap() : before;
            }
            assertThat(heap()).isLessThan(before + GROWTH);

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

    /** Replaces all files. From now on the test's client presents a certificate of the new CA. */
    private Issued renew(int time) throws Exception {
        TestAuthority clients = TestAuthority.named("clients " + time);
        Issued renewed = CA.issue("dns:chat.example.com");
        replace("ticket.keys", TlsFixture.ticketKeys(time, time + 1, time + 2));
        replace("clients.crt", clients.certificatePem());
        renewed.write(folder.resolve("tls.crt"), folder.resolve("tls.key"));
        identity = clients.issue("dns:client");
        return renewed;
    }

    private void replace(String name, String text) throws IOException {
        Path next = Files.writeString(folder.resolve(name + ".next"), text);
        Files.move(next, folder.resolve(name), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
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

    /** Used bytes after a garbage collection. */
    private static long heap() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }
}
