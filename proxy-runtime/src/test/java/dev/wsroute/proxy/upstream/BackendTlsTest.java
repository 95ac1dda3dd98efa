// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wsroute.proxy.testkit.Frame;
import dev.wsroute.proxy.testkit.RawBackend;
import dev.wsroute.proxy.testkit.RawPeer;
import dev.wsroute.proxy.testkit.TestAuthority;
import dev.wsroute.proxy.testkit.TestAuthority.Issued;
import dev.wsroute.proxy.testkit.TestProxy;
import dev.wsroute.proxy.tls.TlsBackend;
import dev.wsroute.proxy.tls.TlsFixture;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BackendTlsTest extends BackendTlsFixture {

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void aWebSocketIsRelayed(String version) throws Exception {
        backend.secure(server(CHAT), version);
        TestProxy proxy = start(tls);
        try (TestProxy.Pair pair = proxy.open(backend)) {
            pair.client().send(Frame.text("hello", true));
            assertThat(pair.backend().readFrame().text()).isEqualTo("hello");
            pair.backend().send(Frame.text("world", false));

            assertThat(pair.client().readFrame().text()).isEqualTo("world");
            assertThat(pair.backend().session().getProtocol()).isEqualTo(version);
            assertThat(pair.backend().requestedHost()).isEqualTo(HOST);
        }
    }

    @Test
    void aRequestWithABodyAndItsResponsePass() throws Exception {
        backend.secure(server(CHAT));
        TestProxy proxy = start(tls);
        String body = "x".repeat(100_000);
        try (RawPeer client = proxy.connect()) {
            CompletableFuture<Void> sending = CompletableFuture.runAsync(() -> {
                try {
                    client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: " + body.length() + "\r\n\r\n" + body);
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            });
            RawPeer behind = backend.accept();
            behind.readHead();
            assertThat(behind.readText(body.length())).isEqualTo(body);
            behind.send("HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\n\r\n" + body);

            assertThat(client.readHead()).startsWith("HTTP/1.1 200 ");
            assertThat(client.readText(body.length())).isEqualTo(body);
            sending.join();
            assertThat(behind.atEnd()).as("a close_notify came before the end").isTrue();
        }
    }

    @Test
    void eachRequestHasAConnectionOfItsOwn() throws Exception {
        backend.secure(server(CHAT));
        TestProxy proxy = start(tls);
        try (RawPeer client = proxy.connect()) {
            for (int i = 0; i < 2; i++) {
                client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
                try (RawPeer behind = backend.accept()) {
                    behind.readHead();
                    behind.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
                    client.readHead();
                    assertThat(client.readText(2)).isEqualTo("ok");
                }
            }
        }
    }

    @Test
    void anotherEndpointIsTriedBeforeTheRequestIsWritten() throws Exception {
        try (RawBackend second = RawBackend.start().secure(server(CHAT))) {
            backend.secure(server(OTHER_CA.issue("dns:" + HOST)));
            TestProxy proxy =
                    open(options().to(second.address()).connectRetries(1).start());
            try (RawPeer client = proxy.connect()) {
                client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
                CompletableFuture.runAsync(() -> {
                    try {
                        backend.accept();
                    } catch (IOException refused) {
                        // The proxy does not accept the certificate.
                    }
                });
                RawPeer behind = second.accept();
                behind.readHead();
                behind.send("HTTP/1.1 204 No Content\r\n\r\n");

                assertThat(client.readHead()).startsWith("HTTP/1.1 204 ");
                assertThat(metrics.events()).contains("connect retried apps/echo service/echo:ws");
            }
        }
    }

    @Test
    void aResponseThatTheEndOfTheConnectionEndsNeedsACloseNotify() throws Exception {
        backend.secure(server(CHAT));
        TestProxy proxy = start(tls);
        try (RawPeer whole = proxy.connect();
                RawPeer cut = proxy.connect()) {
            RawPeer behind = answerUntilClose(whole);
            behind.sendCloseNotify();
            assertThat(whole.readToEnd()).contains("chunked").endsWith("2\r\nok\r\n0\r\n\r\n");

            RawPeer truncated = answerUntilClose(cut);
            truncated.endOutput();
            assertThat(cut.readToEnd()).endsWith("2\r\nok\r\n");
        }
    }

    private RawPeer answerUntilClose(RawPeer client) throws IOException {
        client.send("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
        RawPeer behind = open(backend.accept());
        behind.readHead();
        return behind.send("HTTP/1.1 200 OK\r\n\r\nok");
    }

    @Test
    void renewedCertificatesAreInForceForNewConnectionsAndOpenOnesGoOn() throws Exception {
        Issued first =
                TestAuthority.named("clients").issue("first", Instant.now().plus(Duration.ofDays(1)));
        TestAuthority nextClients = TestAuthority.named("next clients");
        Issued second = nextClients.issue("second", Instant.now().plus(Duration.ofDays(1)));
        TestAuthority nextCa = TestAuthority.named("next CA");
        TlsBackend mutual = TlsFixture.backend(HOST, CA, first);
        backend.secure(server(CHAT));
        TestProxy proxy = start(mutual);
        try (TestProxy.Pair old = proxy.open(backend)) {
            TlsFixture.trust(mutual, nextCa.certificatePem(), second);

            assertThat(refused(proxy)).isEqualTo("HTTP/1.1 502 Bad Gateway");
            backend.secureForClients(nextClients.client(nextCa.issue("dns:" + HOST)));
            try (TestProxy.Pair renewed = proxy.open(backend)) {
                assertThat(renewed.backend().session().getPeerCertificates()[0]).isEqualTo(second.certificate());
                old.client().send(Frame.text("still here", true));
                assertThat(old.backend().readFrame().text()).isEqualTo("still here");
            }
        }
        TlsFixture.release(mutual);
    }
}
