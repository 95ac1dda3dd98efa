// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.jwks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wsroute.operator.compile.JwksUri;
import dev.wsroute.operator.jwks.FetchOutcome.Answered;
import dev.wsroute.operator.jwks.FetchOutcome.Failed;
import dev.wsroute.operator.jwks.FetchOutcome.Reason;
import dev.wsroute.operator.jwks.NastyServer.Answer;
import dev.wsroute.operator.testkit.TestCertificates;
import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import java.net.InetAddress;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Fetches from servers that do whatever they like, over real sockets. */
@Tag("slow")
class KeySetFetcherTest {

    private static final String HOST = "idp.example.com";
    private static final Duration PATIENT = Duration.ofSeconds(60);
    private static final Duration SHORT = Duration.ofMillis(1000);

    @TempDir
    static Path folder;

    private static final MultiThreadIoEventLoopGroup LOOPS =
            new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private static final EventLoop LOOP = LOOPS.next();
    private static final ExecutorService VERIFICATION = Executors.newFixedThreadPool(2);

    private static TestCertificates certificates;
    private static SSLContext sound;
    private static SslContext trust;

    private final List<String> lookedUp = new ArrayList<>();

    @BeforeAll
    static void makeCertificates() throws Exception {
        certificates = new TestCertificates(folder);
        certificates.authority("authority");
        certificates.authority("stranger");
        sound = certificates.server("authority", "dns:" + HOST, "-1d", 5);
        trust = Trust.of(List.of(certificates.pem("authority")));
    }

    @AfterAll
    static void stop() {
        LOOPS.shutdownGracefully(0, 1, TimeUnit.SECONDS);
        VERIFICATION.shutdownNow();
    }

    private FetchOutcome fetch(String uri, Map<String, List<String>> names, AllowedHosts allowed, Duration deadline)
            throws Exception {
        CompletableFuture<FetchOutcome> outcome = new CompletableFuture<>();
        HostLookup lookup = (host, absolute, answer) -> {
            lookedUp.add(host + (absolute ? "." : ""));
            LOOP.execute(() -> answer.accept(names.getOrDefault(host, List.of()).stream()
                    .map(InetAddresses::parse)
                    .toList()));
        };
        new KeySetFetcher(LOOP, lookup, allowed, VERIFICATION, deadline)
                .fetch(JwksUri.of(uri).orElseThrow(), trust, outcome::complete);
        return outcome.get(1, TimeUnit.MINUTES);
    }

    private FetchOutcome fetch(NastyServer server, Duration deadline) throws Exception {
        return fetch(
                "https://" + HOST + ":" + server.port() + "/keys?a=b",
                Map.of(HOST, List.of("127.0.0.1")),
                AllowedHosts.of(List.of(HOST + ":" + server.port())),
                deadline);
    }

    private FetchOutcome fetch(Answer answer) throws Exception {
        try (NastyServer server = new NastyServer(sound, answer)) {
            return fetch(server, PATIENT);
        }
    }

    @Test
    void returnsWhatTheServerAnswers() throws Exception {
        try (NastyServer server =
                new NastyServer(sound, NastyServer.ok("{\"keys\":\"é\"}", "Cache-Control: max-age=600"))) {
            assertThat(fetch(server, PATIENT)).isEqualTo(new Answered("{\"keys\":\"é\"}", Duration.ofMinutes(10)));

            assertThat(server.requests())
                    .singleElement()
                    .asString()
                    .isEqualToIgnoringNewLines("GET /keys?a=b HTTP/1.1\nhost: " + HOST + ":" + server.port()
                            + "\nuser-agent: wsroute-operator\naccept: application/jwk-set+json, application/json\n"
                            + "accept-encoding: identity\nconnection: close\n");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"text/html", "application/octet-stream", "image/png"})
    void theContentCountsAndNotItsType(String type) throws Exception {
        assertThat(fetch(NastyServer.ok("{}", "Content-Type: " + type))).isEqualTo(new Answered("{}", null));
    }

    @Test
    void acceptsChunksInterimAnswersAndAnEndByTheConnection() throws Exception {
        assertThat(fetch(NastyServer.saying(
                        "HTTP/1.1 103 Early Hints",
                        "Link: </a>",
                        "",
                        "HTTP/1.1 200 OK",
                        "Transfer-Encoding: chunked",
                        "",
                        "2;x=y",
                        "ab",
                        "1",
                        "c",
                        "0",
                        "Trailer: 1",
                        "",
                        "")))
                .isEqualTo(new Answered("abc", null));
        assertThat(fetch(NastyServer.saying("HTTP/1.1 200 OK", "", "abc"))).isEqualTo(new Answered("abc", null));
    }

    static Stream<Arguments> answers() {
        String endless = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
        return Stream.of(
                with(
                        "a redirect to metadata",
                        NastyServer.saying(
                                "HTTP/1.1 302 Found",
                                "Location: http://169.254.169.254/latest/",
                                "Content-Length: 0",
                                "",
                                ""),
                        "the host answers with status 302, and redirects are not followed"),
                with(
                        "500",
                        NastyServer.saying("HTTP/1.1 500 Oops", "Content-Length: 6", "", "secret"),
                        "the host answers with status 500"),
                with(
                        "404",
                        NastyServer.saying("HTTP/1.1 404 Not Found", "Content-Length: 0", "", ""),
                        "the host answers with status 404"),
                with(
                        "101",
                        NastyServer.saying(
                                "HTTP/1.1 101 Switching Protocols", "Upgrade: h2c", "Connection: Upgrade", "", ""),
                        "the host answers with status 101"),
                with(
                        "an announced gigabyte",
                        NastyServer.gigabyte("HTTP/1.1 200 OK\r\nContent-Length: 1073741824", false),
                        AnswerHandler.TOO_LARGE),
                with(
                        "a gigabyte until the end",
                        NastyServer.gigabyte("HTTP/1.1 200 OK", false),
                        AnswerHandler.TOO_LARGE),
                with(
                        "a gigabyte in chunks",
                        NastyServer.gigabyte("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked", true),
                        AnswerHandler.TOO_LARGE),
                with(
                        "a chunk of two gigabytes",
                        NastyServer.repeating(endless + "7ffffff0\r\n", "x".repeat(1000)),
                        AnswerHandler.TOO_LARGE),
                with(
                        "endless interim answers",
                        NastyServer.repeating("", "HTTP/1.1 100 Continue\r\n\r\n".repeat(40)),
                        AnswerHandler.TOO_LARGE),
                with(
                        "endless headers",
                        NastyServer.repeating("HTTP/1.1 200 OK\r\n", "X-Header: value\r\n".repeat(40)),
                        "the answer is not HTTP/1.1"),
                with(
                        "an endless line",
                        NastyServer.repeating("HTTP/1.1 200 ", "x".repeat(1000)),
                        "the answer is not HTTP/1.1"),
                with(
                        "endless trailers",
                        NastyServer.repeating(endless + "0\r\n", "X-Trailer: value\r\n".repeat(40)),
                        "the answer is not HTTP/1.1"),
                with("no HTTP", NastyServer.saying("SSH-2.0-OpenSSH_9.6", "", ""), "the answer is not HTTP/1.1"),
                with("HTTP/2 only", NastyServer.saying("\0\0\0\u0004\0\0\0\0\0", ""), "the answer is not HTTP/1.1"),
                with(
                        "a compressed answer",
                        NastyServer.saying(
                                "HTTP/1.1 200 OK", "Content-Encoding: gzip", "Content-Length: 2", "", "\u001f\u008b"),
                        "the answer is compressed, which was not asked for"),
                with(
                        "no UTF-8",
                        NastyServer.saying("HTTP/1.1 200 OK", "Content-Length: 2", "", "\u00ff\u00fe"),
                        "the answer is not text in UTF-8"),
                with(
                        "the end at once",
                        NastyServer.saying(""),
                        "the host closed the connection before its answer was complete"),
                with(
                        "half an answer",
                        NastyServer.saying("HTTP/1.1 200 OK", "Content-Length: 10", "", "{}"),
                        "the host closed the connection before its answer was complete"));
    }

    private static Arguments with(String name, Answer answer, String why) {
        return Arguments.of(name, answer, why);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("answers")
    void anAnswerThatIsNoneFails(String name, Answer answer, String why) throws Exception {
        try (NastyServer server = new NastyServer(sound, answer)) {
            assertThat(fetch(server, PATIENT)).isEqualTo(new Failed(Reason.ANSWER, why));

            assertThat(server.accepted()).isEqualTo(1);
            // What the sockets' buffers take in addition depends on the machine.
            assertThat(server.sent()).isLessThan(16 * 1024 * 1024);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "HTTP/1.1 200 OK\r\nX: ", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n{"})
    void aHostThatHangsCostsTheDeadline(String head) throws Exception {
        try (NastyServer server = new NastyServer(sound, NastyServer.hangingAfter(head))) {
            assertThat(fetch(server, SHORT))
                    .isEqualTo(new Failed(Reason.TIMEOUT, "the host did not answer within 1 s"));
        }
    }

    @Test
    void soDoesOneThatNeverAnswersTheClientHello() throws Exception {
        try (NastyServer server = new NastyServer(null, NastyServer.hangingAfter(""))) {
            assertThat(fetch(server, SHORT))
                    .isEqualTo(new Failed(Reason.TIMEOUT, "the host did not answer within 1 s"));
        }
    }

    @Test
    void soDoesOneWhoseNameServerHangs() throws Exception {
        CompletableFuture<FetchOutcome> outcome = new CompletableFuture<>();

        new KeySetFetcher(LOOP, (host, absolute, answer) -> {}, AllowedHosts.NONE, VERIFICATION, SHORT)
                .fetch(JwksUri.of("https://idp.example.com").orElseThrow(), trust, outcome::complete);

        assertThat(outcome.get(1, TimeUnit.MINUTES))
                .isEqualTo(new Failed(Reason.TIMEOUT, "the host did not answer within 1 s"));
    }

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

    private static KeySetFetcher fetcher(NastyServer server) {
        return new KeySetFetcher(
                LOOP,
                (host, absolute, answer) ->
                        LOOP.execute(() -> answer.accept(List.of(InetAddress.getLoopbackAddress()))),
                AllowedHosts.of(List.of(HOST + ":" + server.port())),
                VERIFICATION,
                PATIENT);
    }

    private static JwksUri uri(NastyServer server) {
        return JwksUri.of("https://" + HOST + ":" + server.port()).orElseThrow();
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

    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.0.0.1",
                "10.1.2.3",
                "169.254.169.254",
                "100.100.100.200",
                "::1",
                "fd00:ec2::254",
                "64:ff9b::7f00:1",
            })
    void doesNotConnectToAddressesThatAreNotPublic(String address) throws Exception {
        Failed forbidden = new Failed(
                Reason.FORBIDDEN,
                "the host has no public address, and the operator's flag --jwks-allowed-hosts does not name it");

        assertThat(fetch("https://" + HOST, Map.of(HOST, List.of(address)), AllowedHosts.NONE, PATIENT))
                .isEqualTo(forbidden);
        assertThat(lookedUp).containsExactly(HOST + ".");
    }

    @Test
    void ofANameThatMixesThemOnlyThePublicOnesAreUsed() {
        List<InetAddress> mixed = Stream.of("127.0.0.1", "198.41.0.4", "10.0.0.1", "2001:500:2::c")
                .map(InetAddresses::parse)
                .toList();

        assertThat(KeySetFetcher.usable(false, mixed))
                .containsExactly(InetAddresses.parse("198.41.0.4"), InetAddresses.parse("2001:500:2::c"));
        assertThat(KeySetFetcher.usable(true, mixed)).isEqualTo(mixed);
    }

    @Test
    void otherPortsNeedTheFlag() throws Exception {
        try (NastyServer server = new NastyServer(sound, NastyServer.ok("{}"))) {
            String uri = "https://" + HOST + ":" + server.port();
            Map<String, List<String>> names = Map.of(HOST, List.of("127.0.0.1"));
            Failed forbidden = new Failed(
                    Reason.FORBIDDEN,
                    "only port 443 is allowed, unless the operator's flag --jwks-allowed-hosts names the host with its"
                            + " port");

            assertThat(fetch(uri, names, AllowedHosts.NONE, PATIENT)).isEqualTo(forbidden);
            assertThat(fetch(uri, names, AllowedHosts.of(List.of(HOST)), PATIENT))
                    .isEqualTo(forbidden);
            assertThat(fetch(uri, names, AllowedHosts.of(List.of("idp.example.com:" + server.port())), PATIENT))
                    .isEqualTo(new Answered("{}", null));
        }
    }

    @Test
    void connectsToWhatWasLookedUpOnceAndTriesTheNextAddress() throws Exception {
        try (NastyServer server = new NastyServer(sound, NastyServer.ok("{}"))) {
            assertThat(fetch(
                            "https://" + HOST + ":" + server.port(),
                            Map.of(HOST, List.of("127.0.0.2", "127.0.0.1")),
                            AllowedHosts.of(List.of(HOST + ":" + server.port())),
                            PATIENT))
                    .isEqualTo(new Answered("{}", null));
            assertThat(lookedUp).containsExactly(HOST);
        }
    }

    @Test
    void aHostWithoutAddressOrListenerIsUnreachable() throws Exception {
        AllowedHosts allowed = AllowedHosts.of(List.of(HOST + ":1"));

        assertThat(fetch("https://" + HOST, Map.of(), AllowedHosts.NONE, PATIENT))
                .isEqualTo(new Failed(Reason.UNREACHABLE, "the name of the host has no address"));
        assertThat(fetch("https://" + HOST + ":1", Map.of(HOST, List.of("127.0.0.1")), allowed, PATIENT))
                .isEqualTo(new Failed(Reason.UNREACHABLE, "the host does not accept connections"));
    }
}
