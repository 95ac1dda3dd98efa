// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.admission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.wsroute.config.ClientAddressConfig;
import dev.wsroute.config.LimitsConfig;
import dev.wsroute.proxy.routing.AccessVerdict;
import dev.wsroute.proxy.routing.Grant;
import dev.wsroute.proxy.snapshot.ProxyTerms;
import dev.wsroute.proxy.testkit.ProxyTest;
import dev.wsroute.proxy.testkit.RawBackend;
import dev.wsroute.proxy.testkit.RawPeer;
import dev.wsroute.proxy.testkit.RecordingMetrics;
import dev.wsroute.proxy.testkit.TestProxy;
import dev.wsroute.proxy.testkit.TestProxy.Pair;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** {@code limits.connectionsPerSubject}. */
class SubjectLimitTest extends ProxyTest {

    private final RecordingMetrics metrics = new RecordingMetrics();
    private TestProxy proxy;
    private RawBackend server;

    @BeforeEach
    void start() throws Exception {
        server = open(RawBackend.start());
        proxy = open(TestProxy.options()
                .to(server.address())
                .metrics(metrics)
                .gate((request, loop, answer) -> {
                    Grant grant = new Grant();
                    String subject = Objects.requireNonNull(request.get()).header("X-Who");
                    if (subject != null) {
                        grant.subject(
                                Objects.requireNonNullElse(
                                        Objects.requireNonNull(request.get()).header("X-Issuer"), "test"),
                                subject);
                    }
                    answer.accept(new AccessVerdict(grant, null));
                })
                .start());
        proxy.apply(ProxyTerms.of(
                new LimitsConfig(null, null, null, null, null, null, null, null, null, 2),
                ClientAddressConfig.DEFAULT));
    }

    private Pair tunnel(String... headers) throws Exception {
        return open(proxy.open(server, headers));
    }

    private String askedToUpgrade(String... headers) throws Exception {
        RawPeer client = open(proxy.connect());
        client.send(TestProxy.handshake(headers));
        return client.readHead();
    }

    @Test
    void oneSubjectTooOftenIs429AndOthersComeIn() throws Exception {
        Pair first = tunnel("X-Who: alice");
        tunnel("X-Who: alice");

        assertThat(askedToUpgrade("X-Who: alice"))
                .startsWith("HTTP/1.1 429 ")
                .containsIgnoringCase("retry-after: 1\r\n");
        assertThat(metrics.events()).contains("refused subject_connections 429 'apps/echo'");
        tunnel("X-Who: bob");
        tunnel();
        tunnel();
        tunnel();

        first.close();
        await().until(() -> proxy.server().clientConnections() == 5);
        tunnel("X-Who: alice");
        assertThat(askedToUpgrade("X-Who: alice")).startsWith("HTTP/1.1 429 ");
    }

    @Test
    void aNameOfAnotherIssuerIsSomebodyElse() throws Exception {
        tunnel("X-Who: alice");
        tunnel("X-Who: alice");

        tunnel("X-Who: alice", "X-Issuer: other");
        tunnel("X-Who: alice", "X-Issuer: other");
        assertThat(askedToUpgrade("X-Who: alice", "X-Issuer: other")).startsWith("HTTP/1.1 429 ");
    }
}
