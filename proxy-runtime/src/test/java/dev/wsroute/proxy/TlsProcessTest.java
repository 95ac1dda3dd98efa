// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.wsroute.proxy.testkit.Frame;
import dev.wsroute.proxy.testkit.RawPeer;
import dev.wsroute.proxy.testkit.TestAuthority;
import dev.wsroute.proxy.testkit.TestAuthority.Issued;
import dev.wsroute.proxy.testkit.TestProxy;
import dev.wsroute.proxy.testkit.TestProxy.Pair;
import dev.wsroute.proxy.tls.TlsFixture;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A proxy with certificates in files. */
class TlsProcessTest extends ProxyProcessFixture {

    private static final TestAuthority CA = TestAuthority.named("test CA");

    private String secured(String more) {
        return document("", one)
                .replace(
                        "[{name: ws, address: 127.0.0.1, port: 0}]",
                        "[{name: wss, address: 127.0.0.1, port: 0, protocol: HTTPS, tls: {certificates: [{certificateFile: "
                                + folder.resolve("tls.crt") + ", keyFile: " + folder.resolve("tls.key") + "}]" + more);
    }

    private void issue(Issued issued) throws Exception {
        issued.write(folder.resolve("tls.crt"), folder.resolve("tls.key"));
    }

    private RawPeer connect() throws IOException {
        return RawPeer.secure(listening(), CA.client(), "chat.example.com");
    }

    private Certificate shown() throws IOException {
        try (RawPeer client = connect()) {
            return client.session().getPeerCertificates()[0];
        }
    }

    @Test
    void aWebSocketOutlivesTheRenewalOfItsCertificate() throws Exception {
        Issued renewed = CA.issue("dns:chat.example.com");
        issue(CA.issue("dns:chat.example.com"));
        start(secured("}}]"));
        try (RawPeer client = connect()) {
            client.send(TestProxy.handshake());
            RawPeer behind = one.accept();
            behind.readHead();
            behind.send(TestProxy.switching());
            client.readHead();

            issue(renewed);

            await().until(() -> shown().equals(renewed.certificate()));
            client.send(Frame.text("still here", true));
            assertThat(behind.readFrame().text()).isEqualTo("still here");
        }
    }

    @Test
    @Tag("slow")
    void aRenewedCertificateThatIsNotValidYetIsUsedOnceItIs() throws Exception {
        issue(CA.issue("dns:chat.example.com"));
        start(secured("}}]"));
        assertThat(shown()).isNotNull();

        Issued renewed =
                CA.issue("chat", Instant.now().plusSeconds(5).plus(Duration.ofDays(31)), "dns:chat.example.com");
        issue(renewed);

        await().until(() -> shown().equals(renewed.certificate()));
        assertThat(Instant.now())
                .isAfterOrEqualTo(renewed.certificate().getNotBefore().toInstant());
    }

    @Test
    @Tag("slow")
    void openWebSocketsOutliveTenRenewalsAndNewOnesGetTheNewestCertificate() throws Exception {
        issue(CA.issue("dns:chat.example.com"));
        start(secured("}}]"));
        List<Pair> open = new ArrayList<>();
        try {
            for (int renewal = 0; renewal < 10; renewal++) {
                for (int i = 0; i < 20; i++) {
                    open.add(openSecured());
                }
                Issued renewed = CA.issue("dns:chat.example.com");
                issue(renewed);
                await().until(() -> shown().equals(renewed.certificate()));
            }

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

    private Pair openSecured() throws IOException {
        RawPeer client = connect();
        client.send(TestProxy.handshake());
        RawPeer behind = one.accept();
        behind.readHead();
        behind.send(TestProxy.switching());
        client.readHead();
        return new Pair(client, behind);
    }

    @Test
    void aBrokenRenewalLeavesTheLastGoodCertificateInForce() throws Exception {
        Issued good = CA.issue("dns:chat.example.com");
        issue(good);
        start(secured("}}]"));
        assertThat(shown()).isEqualTo(good.certificate());

        Files.writeString(folder.resolve("tls.key"), CA.issue("dns:a").keyPem());
        Issued renewed = CA.issue("dns:chat.example.com");
        Files.writeString(folder.resolve("tls.crt"), "half a certificate");
        await().until(() -> admin("/metrics").body().contains("wsroute_certificate_expiry_seconds{listener=\"wss\"}"));
        assertThat(shown()).isEqualTo(good.certificate());

        issue(renewed);
        await().until(() -> shown().equals(renewed.certificate()));
    }

    @Test
    void sessionsAreResumedWithTheKeysOfAFileUntilItHoldsOthers() throws Exception {
        Path keys = Files.writeString(folder.resolve("ticket.keys"), TlsFixture.ticketKeys(1, 2, 3));
        issue(CA.issue("dns:chat.example.com"));
        start("ticketKeys: {file: " + keys + "}\n" + secured("}}]"));
        SSLContext client = CA.client();

        await().untilAsserted(() -> assertThat(handshakesAfter(client, "true")).isPositive());
        int full = handshakes("false");
        Files.writeString(keys, "not a key\n");
        Files.writeString(keys, TlsFixture.ticketKeys(7, 8, 9));

        await().untilAsserted(() -> assertThat(handshakesAfter(client, "false"))
                .as("full handshakes, beside %s resumed ones", handshakes("true"))
                .isGreaterThan(full));
        assertThat(admin("/config").body()).doesNotContain(TlsFixture.ticketKeys(8));
        assertThat(admin("/metrics").body()).doesNotContain(TlsFixture.ticketKeys(8));
    }

    @Test
    void withoutTicketsNoSessionIsResumed() throws Exception {
        issue(CA.issue("dns:chat.example.com"));
        start(secured(", sessionTickets: Disabled}}]"));

        SSLContext client = CA.client();

        await().untilAsserted(() -> assertThat(handshakesAfter(client, "false")).isGreaterThan(2));

        assertThat(handshakes("true")).isZero();
    }

    /**
     * Lets the client connect once more and returns how many handshakes have been resumed, or not. With TLS 1.3 the client would
     * get another ticket each time: one of the new keys, if these come into force during a handshake that the old ones resume.
     */
    private int handshakesAfter(SSLContext context, String resumed) throws Exception {
        try (RawPeer client = RawPeer.secure(listening(), context, "chat.example.com", "TLSv1.2")) {
            client.send("GET / HTTP/1.1\r\nHost: nowhere.example\r\nConnection: close\r\n\r\n");
            client.readToEnd();
        }
        return handshakes(resumed);
    }

    private int handshakes(String resumed) throws Exception {
        String name = "wsroute_tls_handshakes_total{listener=\"wss\",resumed=\"" + resumed + "\"} ";
        return admin("/metrics")
                .body()
                .lines()
                .filter(line -> line.startsWith(name))
                .mapToInt(line -> (int) Double.parseDouble(line.substring(name.length())))
                .sum();
    }

    @Test
    void aProxyStartsWithoutItsCertificateAndWorksOnceItIsThere() throws Exception {
        Issued late = CA.issue("dns:chat.example.com");
        start(secured("}}]"));
        await().until(() -> !running().addresses().isEmpty());
        try (RawPeer client = RawPeer.connect(listening())) {
            client.send("GET / HTTP/1.1\r\nHost: chat.example.com\r\n\r\n");
            assertThat(client.readHead()).startsWith("HTTP/1.1 400 ");
        }

        issue(late);

        await().ignoreExceptions().until(() -> shown().equals(late.certificate()));
    }

    @Test
    void aListenerThatTheConfigurationNoLongerHasIsNotServedWithoutTls() throws Exception {
        issue(CA.issue("dns:chat.example.com"));
        start(secured("}}]"), Map.of("wss", 0));
        assertThat(shown()).isNotNull();

        replace(document("", one));

        awaitApplied(2);
        try (RawPeer client = RawPeer.connect(listening())) {
            client.send(TestProxy.handshake());
            assertThat(client.readHead()).startsWith("HTTP/1.1 400 ");
        }
    }

    @Test
    void aFixedPortThatTheConfigurationDoesNotHaveIsNotServedBesideListenersWithTls() throws Exception {
        issue(CA.issue("dns:chat.example.com"));
        start(secured("}}]"), Map.of("former", 0));
        try (RawPeer client = RawPeer.connect(listening())) {
            client.send(TestProxy.handshake());

            assertThat(client.readHead()).startsWith("HTTP/1.1 400 ");
        }
        assertThatThrownBy(this::connect).isInstanceOf(IOException.class);
    }

    @Test
    void aPlainListenerRedirectsToTheOneWithTls() throws Exception {
        issue(CA.issue("dns:chat.example.com"));
        start(secured(", redirectFrom: ws}}, {name: ws, address: 127.0.0.1, port: 0}]"));
        String plain = running().addresses().get(1);
        int port = Integer.parseInt(plain.substring(plain.lastIndexOf(':') + 1));
        try (RawPeer client = RawPeer.connect(new InetSocketAddress("127.0.0.1", port))) {
            client.send(TestProxy.handshake());

            assertThat(client.readHead())
                    .startsWith("HTTP/1.1 308 ")
                    .contains(
                            "Location: https://chat.example.com:" + listening().getPort() + "/chat?x=1\r\n");
        }
    }
}
