// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.http.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.wsroute.config.ClientCertificates.Mode;
import dev.wsroute.proxy.testkit.OpensslClient;
import dev.wsroute.proxy.testkit.RawPeer;
import dev.wsroute.proxy.testkit.TestAuthority;
import dev.wsroute.proxy.testkit.TestAuthority.Issued;
import dev.wsroute.proxy.testkit.TestProxy;
import dev.wsroute.proxy.tls.TlsFixture;
import dev.wsroute.proxy.tls.TlsListener;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Instant;
import java.util.Collections;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sessions of clients with certificates, and tickets where certificates are asked for. */
@Tag("slow")
class ClientCertificateResumptionTest extends ResumptionFixture {

    private static final Pattern FORWARDED = Pattern.compile("X-Forwarded-Client-Cert: [^\r]*");

    @ParameterizedTest
    @ValueSource(strings = {"-tls1_2", "-tls1_3"})
    void aTicketWithoutAClientCertificateOpensNoListenerThatAsksForOne(String version) throws Exception {
        TestProxy open = proxy(TlsFixture.share(TlsFixture.listener(CHAT), 1, 2, 3));
        TestProxy strict = proxy(TlsFixture.share(TlsFixture.listener(Mode.Require, CLIENTS, CHAT), 1, 2, 3));
        TestProxy lenient = proxy(TlsFixture.share(TlsFixture.listener(Mode.Request, CLIENTS, CHAT), 1, 2, 3));
        Client client = new Client(version);

        client.begin(open);
        assertRefused(client.comeBack(strict));
        assertFull(client.comeBack(lenient));
        client.begin(lenient);
        assertRefused(client.comeBack(strict));
    }

    @ParameterizedTest
    @ValueSource(strings = {"-tls1_2", "-tls1_3"})
    void aResumedConnectionHasTheClientsCertificate(String version) throws Exception {
        TestProxy one = proxy(TlsFixture.share(TlsFixture.listener(Mode.Require, CLIENTS, CHAT), 1, 2, 3));
        TestProxy other = proxy(TlsFixture.share(TlsFixture.listener(Mode.Require, CLIENTS, CHAT), 1, 2, 3));
        Client client = new Client(version).presenting(CLIENTS.issue("uri:spiffe://a/b", "dns:client"));
        client.begin(one);

        String first = forwarded(client, one);
        String resumed = forwarded(client, other);

        assertThat(resumed).contains("URI=spiffe://a/b;DNS=client").isEqualTo(first);
        assertThat(metrics.events().stream().filter("TLS resumed"::equals)).hasSize(2);
    }

    /** What the backend receives about a client that resumes its session. */
    private String forwarded(Client client, TestProxy proxy) throws Exception {
        CompletableFuture<String> head = CompletableFuture.supplyAsync(() -> {
            try (RawPeer behind = backend.accept()) {
                String received = behind.readHead();
                behind.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
                return received;
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        });
        assertThat(client.run(proxy, "chat.example.com", "-sess_in", client.session.toString()))
                .contains("Reused, TLSv1");
        Matcher header = FORWARDED.matcher(head.get());
        assertThat(header.find()).isTrue();
        return header.group();
    }

    @ParameterizedTest
    @ValueSource(strings = {"-tls1_2", "-tls1_3"})
    void aClientWithALongChainComesBackWithATicketThatIsLongerThanARecord(String version) throws Exception {
        TestProxy proxy = proxy(TlsFixture.share(TlsFixture.listener(Mode.Require, CLIENTS, CHAT), 1, 2, 3));
        String name = "dns:" + "a".repeat(60) + ".example.com";
        Issued large = CLIENTS.issue(Collections.nCopies(90, name).toArray(String[]::new));
        Client client = new Client(version);
        client.options.addAll(
                OpensslClient.presenting(CLIENTS.issue("dns:client"), Collections.nCopies(4, large), folder));

        client.begin(proxy);

        assertThat(Files.size(client.session)).isGreaterThan(24 * 1024);
        assertResumed(client.comeBack(proxy));
    }

    @ParameterizedTest
    @ValueSource(strings = {"-tls1_2", "-tls1_3"})
    void aClientOfARemovedCaIsRefusedAlthoughItsTicketWasGood(String version) throws Exception {
        TlsListener listener = TlsFixture.share(TlsFixture.listener(Mode.Require, CLIENTS, CHAT), 1, 2, 3);
        TestProxy proxy = proxy(listener);
        Client client = new Client(version).presenting(CLIENTS.issue("dns:client"));
        client.begin(proxy);
        assertResumed(client.comeBack(proxy));

        TlsFixture.ask(listener, Mode.Require, TestAuthority.named("successor"), CHAT);

        assertRefused(client.comeBack(proxy));
    }

    @Test
    void aClientWhoseCertificateHasExpiredIsRefusedAlthoughItsTicketWasGood() throws Exception {
        TestProxy proxy = proxy(TlsFixture.share(TlsFixture.listener(Mode.Require, CLIENTS, CHAT), 1, 2, 3));
        Instant end = Instant.now().plusSeconds(8);
        Issued shortLived = CLIENTS.issue("client", end, "dns:client");
        Client older = new Client("-tls1_2").presenting(shortLived);
        Client newer = new Client("-tls1_3").presenting(shortLived);
        older.begin(proxy);
        newer.begin(proxy);
        assertResumed(older.comeBack(proxy));
        assertResumed(newer.comeBack(proxy));

        await().until(() -> Instant.now().isAfter(end.plusSeconds(1)));

        assertRefused(older.comeBack(proxy));
        assertRefused(newer.comeBack(proxy));
        // The client is not stuck with its session: a full handshake accepts its renewed certificate.
        Client renewed = new Client("-tls1_3").presenting(CLIENTS.issue("dns:client"));
        assertFull(renewed.run(proxy, "nowhere.example", "-sess_in", newer.session.toString()));
    }
}
