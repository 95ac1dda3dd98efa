// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.http.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wsroute.proxy.testkit.RawPeer;
import dev.wsroute.proxy.testkit.TestProxy;
import dev.wsroute.proxy.tls.TlsFixture;
import dev.wsroute.proxy.tls.TlsListener;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** When {@code openssl s_client} resumes a session of another proxy, and when it must not. */
@Tag("slow")
class SessionResumptionTest extends ResumptionFixture {

    @ParameterizedTest
    @ValueSource(strings = {"-tls1_2", "-tls1_3"})
    void aSessionIsResumedOnEveryProxyWithTheSameKeys(String version) throws Exception {
        TestProxy one = proxy(TlsFixture.share(TlsFixture.listener(CHAT), 1, 2, 3));
        TestProxy other = proxy(TlsFixture.share(TlsFixture.listener(CHAT), 1, 2, 3));
        TestProxy stranger = proxy(TlsFixture.listener(CHAT));
        Client client = new Client(version);

        client.begin(one);
        assertThat(metrics.events()).contains("TLS full").doesNotContain("TLS resumed");

        assertResumed(client.comeBack(other));
        assertThat(metrics.events()).contains("TLS resumed");
        assertFull(client.comeBack(stranger));
    }

    @ParameterizedTest
    @ValueSource(strings = {"-tls1_2", "-tls1_3"})
    void aSessionOutlivesOneRotationButNotThree(String version) throws Exception {
        TlsListener listener = TlsFixture.share(TlsFixture.listener(CHAT), 1, 2, 3);
        TestProxy proxy = proxy(listener);
        Client client = new Client(version);
        client.begin(proxy);

        TlsFixture.share(listener, 2, 3, 4);
        assertResumed(client.comeBack(proxy));

        TlsFixture.share(listener, 4, 5, 6);
        assertFull(client.comeBack(proxy));
    }

    @ParameterizedTest
    @ValueSource(strings = {"-tls1_2", "-tls1_3"})
    void duringARotationEachProxyOpensTheTicketsOfTheOthers(String version) throws Exception {
        TestProxy ahead = proxy(TlsFixture.share(TlsFixture.listener(CHAT), 2, 3, 4));
        TestProxy behind = proxy(TlsFixture.share(TlsFixture.listener(CHAT), 1, 2, 3));
        Client first = new Client(version);
        Client second = new Client(version);

        first.begin(ahead);
        assertResumed(first.comeBack(behind));
        second.begin(behind);
        assertResumed(second.comeBack(ahead));
    }

    @ParameterizedTest
    @ValueSource(strings = {"-tls1_2", "-tls1_3"})
    void aTicketOfAnotherListenerMeansNothing(String version) throws Exception {
        TestProxy one = proxy(TlsFixture.share(TlsFixture.listener(CHAT), 1, 2, 3));
        TestProxy other = proxy(TlsFixture.share(TlsFixture.named("other", CHAT), 1, 2, 3));
        Client client = new Client(version);

        client.begin(one);

        assertFull(client.comeBack(other));
    }

    @ParameterizedTest
    @ValueSource(strings = {"-tls1_2", "-tls1_3"})
    void aTicketOfOneHostDoesNotReachThatOfAnotherCertificate(String version) throws Exception {
        TestProxy proxy = proxy(TlsFixture.share(TlsFixture.listener(CHAT, OTHER), 1, 2, 3));
        Client client = new Client(version);
        client.begin(proxy);

        assertThat(client.run(proxy, "other.example.com", "-sess_in", client.session.toString()))
                .contains("Reused, TLSv1")
                .contains("HTTP/1.1 421 ");
        String other = client.comeBack(proxy, "-servername", "other.example.com");
        assertThat(other).contains("New, TLSv1").doesNotContain("Reused").containsPattern("subject=CN ?= ?other");
    }

    @ParameterizedTest
    @ValueSource(strings = {"-tls1_2", "-tls1_3"})
    void aRenewedCertificateForTheSameHostsGoesOn(String version) throws Exception {
        TlsListener listener = TlsFixture.share(TlsFixture.listener(CHAT), 1, 2, 3);
        TestProxy proxy = proxy(listener);
        Client client = new Client(version);
        client.begin(proxy);

        TlsFixture.renew(listener, CA.issue("dns:chat.example.com"));

        assertResumed(client.comeBack(proxy));
    }

    @Test
    void withoutTicketsEveryHandshakeIsFull() throws Exception {
        TestProxy proxy = proxy(TlsFixture.withoutTickets(CHAT));
        TestProxy with = proxy(TlsFixture.share(TlsFixture.listener(CHAT), 1, 2, 3));
        String older = new Client("-tls1_2").run(proxy, "nowhere.example");
        String newer = new Client("-tls1_3").run(proxy, "nowhere.example");
        Client client = new Client("-tls1_3");

        assertThat(older).contains("Session-ID: \n").doesNotContain("session ticket");
        assertThat(newer).doesNotContainIgnoringCase("session ticket");
        assertThat(client.begin(with)).containsIgnoringCase("session ticket");
        assertFull(client.comeBack(proxy));
    }

    @Test
    void aRotationLosesNoConnection() throws Exception {
        TlsListener listener = TlsFixture.share(TlsFixture.listener(CHAT), 1, 2, 3);
        TestProxy proxy = proxy(listener);
        List<TestProxy.Pair> open = new ArrayList<>();
        try {
            for (int rotation = 1; rotation <= 10; rotation++) {
                int oldest = rotation;
                Thread rotating = new Thread(() -> TlsFixture.share(listener, oldest + 1, oldest + 2, oldest + 3));
                rotating.start();
                for (int i = 0; i < 5; i++) {
                    open.add(proxy.open(backend, RawPeer.secure(proxy.address(), CA.client(), "chat.example.com")));
                }
                rotating.join();
            }

            for (TestProxy.Pair pair : open) {
                pair.client().send("\u0081\u0080\u0000\u0000\u0000\u0000");
                assertThat(pair.backend().readText(6)).startsWith("\u0081");
            }
        } finally {
            for (TestProxy.Pair pair : open) {
                pair.close();
            }
        }
    }
}
