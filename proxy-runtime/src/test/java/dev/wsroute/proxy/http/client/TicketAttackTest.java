// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.http.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wsroute.proxy.containment.FailurePoint;
import dev.wsroute.proxy.http.client.ReplayedHello.Answer;
import dev.wsroute.proxy.testkit.RawBackend;
import dev.wsroute.proxy.testkit.TestAuthority;
import dev.wsroute.proxy.testkit.TestProxy;
import dev.wsroute.proxy.tls.TlsFixture;
import dev.wsroute.proxy.tls.TlsListener;
import java.io.IOException;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Session tickets that the proxy has not issued: each causes a full handshake or an alert. */
@Tag("slow")
class TicketAttackTest {

    private static final TestAuthority CA = TestAuthority.named("test CA");

    private final TlsListener listener =
            TlsFixture.share(TlsFixture.listener(CA.issue("dns:chat.example.com")), 1, 2, 3);
    private RawBackend backend;
    private TestProxy proxy;

    @BeforeEach
    void start() throws IOException {
        backend = RawBackend.start();
        proxy = TestProxy.options().to(backend.address()).tls(listener).start();
    }

    @AfterEach
    void stop() throws IOException {
        for (FailurePoint point : FailurePoint.values()) {
            assertThat(proxy.failures().count(point)).isZero();
        }
        proxy.close();
        backend.close();
        TlsFixture.renew(listener);
    }

    private ReplayedHello hello(String version) throws IOException {
        ReplayedHello hello = ReplayedHello.of(CA.client(), proxy.address(), version);
        assertThat(answer(hello, hello.ticket())).isEqualTo(Answer.RESUMED);
        return hello;
    }

    private Answer answer(ReplayedHello hello, byte[] ticket) throws IOException {
        return hello.send(proxy.address(), ticket);
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void aTicketWithAFlippedBitIsIgnoredWhereverItIs(String version) throws Exception {
        ReplayedHello hello = hello(version);
        byte[] ticket = hello.ticket();
        for (int i = 0; i < ticket.length; i++) {
            byte[] flipped = ticket.clone();
            flipped[i] ^= (byte) (1 << i % 8);
            assertThat(answer(hello, flipped)).describedAs("byte %d", i).isEqualTo(Answer.FULL);
        }
        assertThat(answer(hello, ticket)).isEqualTo(Answer.RESUMED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void aTruncatedTicketIsIgnored(String version) throws Exception {
        ReplayedHello hello = hello(version);
        byte[] ticket = hello.ticket();
        for (int length = 1; length < ticket.length; length++) {
            assertThat(answer(hello, Arrays.copyOf(ticket, length)))
                    .describedAs("%d bytes", length)
                    .isEqualTo(Answer.FULL);
        }
        assertThat(answer(hello, ticket)).isEqualTo(Answer.RESUMED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void aGiantTicketIsIgnoredOrRefused(String version) throws Exception {
        ReplayedHello hello = hello(version);
        byte[] ticket = hello.ticket();
        Random random = new Random(1);
        for (int length : new int[] {1000, 10_000, 15_000}) {
            byte[] giant = new byte[length];
            random.nextBytes(giant);
            assertThat(answer(hello, giant)).isEqualTo(Answer.FULL);
            // A real ticket, with the name of a real key, and bytes after it.
            System.arraycopy(ticket, 0, giant, 0, ticket.length);
            assertThat(answer(hello, giant)).isEqualTo(Answer.FULL);
        }
        assertThat(answer(hello, Arrays.copyOf(ticket, 40_000))).isEqualTo(Answer.ALERT);
        assertThat(answer(hello, ticket)).isEqualTo(Answer.RESUMED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void anEmptyTicketOpensNothing(String version) throws Exception {
        ReplayedHello hello = hello(version);

        // In TLS 1.2, an empty ticket asks for a new one.
        assertThat(answer(hello, new byte[0])).isEqualTo(Answer.FULL);
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void theTicketOfAnotherVersionIsIgnored(String version) throws Exception {
        ReplayedHello hello = hello(version);
        ReplayedHello other = hello(version.equals("TLSv1.2") ? "TLSv1.3" : "TLSv1.2");

        assertThat(answer(hello, other.ticket())).isEqualTo(Answer.FULL);
    }
}
