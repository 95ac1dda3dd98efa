// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.jwks;

import dev.wsroute.operator.compile.JwksUri;
import dev.wsroute.operator.jwks.NastyServer.Answer;
import dev.wsroute.operator.testkit.TestCertificates;
import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.handler.ssl.SslContext;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** Fetches from servers that do whatever they like, over real sockets. */
abstract class KeySetFetchFixture {

    static final String HOST = "idp.example.com";
    static final Duration PATIENT = Duration.ofSeconds(60);
    static final Duration SHORT = Duration.ofMillis(1000);

    @TempDir
    static Path folder;

    private static final MultiThreadIoEventLoopGroup LOOPS =
            new MultiThreadIoEventLoopGroup(1, new DefaultThreadFactory("fetches", true), NioIoHandler.newFactory());
    static final EventLoop LOOP = LOOPS.next();
    static final ExecutorService VERIFICATION =
            Executors.newFixedThreadPool(2, new DefaultThreadFactory("verification", true));

    static TestCertificates certificates;
    static SSLContext sound;
    static SslContext trust;

    final List<String> lookedUp = new ArrayList<>();

    @BeforeAll
    static void makeCertificates() throws Exception {
        certificates = new TestCertificates(folder);
        certificates.authority("authority");
        certificates.authority("stranger");
        sound = certificates.server("authority", "dns:" + HOST, "-1d", 5);
        trust = Trust.of(List.of(certificates.pem("authority")));
    }

    FetchOutcome fetch(String uri, Map<String, List<String>> names, AllowedHosts allowed, Duration deadline)
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

    FetchOutcome fetch(NastyServer server, Duration deadline) throws Exception {
        return fetch(
                "https://" + HOST + ":" + server.port() + "/keys?a=b",
                Map.of(HOST, List.of("127.0.0.1")),
                AllowedHosts.of(List.of(HOST + ":" + server.port())),
                deadline);
    }

    FetchOutcome fetch(Answer answer) throws Exception {
        try (NastyServer server = new NastyServer(sound, answer)) {
            return fetch(server, PATIENT);
        }
    }

    static KeySetFetcher fetcher(NastyServer server) {
        return new KeySetFetcher(
                LOOP,
                (host, absolute, answer) ->
                        LOOP.execute(() -> answer.accept(List.of(InetAddress.getLoopbackAddress()))),
                AllowedHosts.of(List.of(HOST + ":" + server.port())),
                VERIFICATION,
                PATIENT);
    }

    static JwksUri uri(NastyServer server) {
        return JwksUri.of("https://" + HOST + ":" + server.port()).orElseThrow();
    }
}
