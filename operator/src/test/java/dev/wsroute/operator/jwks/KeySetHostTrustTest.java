// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.jwks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wsroute.operator.jwks.FetchOutcome.Answered;
import dev.wsroute.operator.jwks.FetchOutcome.Failed;
import dev.wsroute.operator.jwks.FetchOutcome.Reason;
import io.netty.handler.ssl.SslContextBuilder;
import java.security.cert.X509Certificate;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who is believed to be the host. */
@Tag("slow")
class KeySetHostTrustTest extends KeySetFetchFixture {

    @Test
    void aServerWithoutTlsIsNoServer() throws Exception {
        try (NastyServer server = new NastyServer(null, NastyServer.saying("HTTP/1.1 400 Bad Request", "", ""))) {
            assertThat(fetch(server, PATIENT))
                    .isEqualTo(new Failed(Reason.TLS, "the host does not speak TLS as it should, or ended it"));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "authority, dns:idp.example.com, -10d, its certificate has expired",
        "authority, dns:idp.example.com, +10d, its certificate is not valid yet",
        "authority, dns:example.com,      -1d, its certificate names another host",
        "authority, ip:127.0.0.1,         -1d, its certificate names another host",
        "stranger,  dns:idp.example.com,  -1d, its certificate is not from a trusted authority",
    })
    void aCertificateMustCountForTheNameOfTheUri(String issuer, String name, String from, String why) throws Exception {
        SSLContext context = certificates.server(issuer, name, from, 5);
        try (NastyServer server = new NastyServer(context, NastyServer.ok("{}"))) {
            assertThat(fetch(server, PATIENT)).isEqualTo(new Failed(Reason.TLS, why));
            assertThat(server.requests()).isEmpty();
        }
    }

    @Test
    void theSystemsAuthoritiesDoNotVouchForThem() throws Exception {
        try (NastyServer server = new NastyServer(sound, NastyServer.ok("{}"))) {
            CompletableFuture<FetchOutcome> outcome = new CompletableFuture<>();
            fetcher(server).fetch(uri(server), Trust.ofSystem(), outcome::complete);

            assertThat(outcome.get(1, TimeUnit.MINUTES))
                    .isEqualTo(new Failed(Reason.TLS, "its certificate is not from a trusted authority"));
        }
    }

    /** A host could send certificates whose chains take very long to search. */
    @Test
    void aVerificationThatHangsDelaysNoOtherFetch() throws Exception {
        CountDownLatch over = new CountDownLatch(1);
        CountDownLatch begun = new CountDownLatch(1);
        CompletableFuture<FetchOutcome> hanging = new CompletableFuture<>();
        try (NastyServer server = new NastyServer(sound, NastyServer.ok("{}"))) {
            fetcher(server)
                    .fetch(
                            uri(server),
                            SslContextBuilder.forClient()
                                    .trustManager(new SlowTrust(begun, over))
                                    .build(),
                            hanging::complete);
            begun.await();

            assertThat(fetch(server, PATIENT)).isEqualTo(new Answered("{}", null));

            assertThat(hanging).isNotDone();
            over.countDown();
            assertThat(hanging.get(1, TimeUnit.MINUTES)).isEqualTo(new Answered("{}", null));
        } finally {
            over.countDown();
        }
    }

    /** Trusts everybody, but only when it is told so. */
    private record SlowTrust(CountDownLatch begun, CountDownLatch over) implements X509TrustManager {

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {
            begun.countDown();
            try {
                over.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
