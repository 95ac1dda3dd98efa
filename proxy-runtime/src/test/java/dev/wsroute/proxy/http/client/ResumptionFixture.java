// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.http.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wsroute.config.RuleConfig.PlainHttp;
import dev.wsroute.proxy.testkit.OpensslClient;
import dev.wsroute.proxy.testkit.RawBackend;
import dev.wsroute.proxy.testkit.RecordingMetrics;
import dev.wsroute.proxy.testkit.TestAuthority;
import dev.wsroute.proxy.testkit.TestAuthority.Issued;
import dev.wsroute.proxy.testkit.TestProxy;
import dev.wsroute.proxy.tls.TlsFixture;
import dev.wsroute.proxy.tls.TlsListener;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Proxies, and {@code openssl s_client} as a client that keeps its session. */
abstract class ResumptionFixture {

    static final TestAuthority CA = TestAuthority.named("test CA");
    static final TestAuthority CLIENTS = TestAuthority.named("clients");
    static final Issued CHAT = CA.issue("chat", Instant.now().plusSeconds(86400), "dns:chat.example.com");
    static final Issued OTHER = CA.issue("other", Instant.now().plusSeconds(86400), "dns:other.example.com");

    @TempDir
    Path folder;

    final RecordingMetrics metrics = new RecordingMetrics();
    final List<TlsListener> listeners = new ArrayList<>();
    final List<TestProxy> proxies = new ArrayList<>();
    RawBackend backend;

    @BeforeEach
    void start() throws Exception {
        OpensslClient.assumeInstalled();
        backend = RawBackend.start();
    }

    @AfterEach
    void stop() throws IOException {
        proxies.forEach(TestProxy::close);
        listeners.forEach(TlsFixture::renew);
        if (backend != null) {
            backend.close();
        }
    }

    TestProxy proxy(TlsListener listener) throws IOException {
        listeners.add(listener);
        TestProxy proxy = TestProxy.options()
                .to(backend.address())
                .plain(new PlainHttp(PlainHttp.Mode.Proxy, Duration.ofSeconds(60)))
                .metrics(metrics)
                .tls(listener)
                .start();
        proxies.add(proxy);
        return proxy;
    }

    static String request(String host) {
        return "GET / HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n";
    }

    /** A client that may keep its session. */
    final class Client {

        final List<String> options = new ArrayList<>();
        final Path session = folder.resolve("session-" + Math.random());

        Client(String version) {
            options.addAll(List.of(version, "-servername", "chat.example.com"));
        }

        Client presenting(Issued issued) throws IOException {
            options.addAll(OpensslClient.presenting(issued, folder));
            return this;
        }

        /** Connects for the first time and keeps the session. */
        String begin(TestProxy proxy) throws Exception {
            String output = run(proxy, "nowhere.example", "-sess_out", session.toString());
            assertThat(output).contains("New, TLSv1").contains("HTTP/1.1 404 ");
            assertThat(session).exists();
            return output;
        }

        /** Connects again with the session. */
        String comeBack(TestProxy proxy, String... more) throws Exception {
            List<String> all = new ArrayList<>(List.of(more));
            all.addAll(List.of("-sess_in", session.toString()));
            return run(proxy, "nowhere.example", all.toArray(String[]::new));
        }

        String run(TestProxy proxy, String host, String... more) throws Exception {
            List<String> all = new ArrayList<>(options);
            all.addAll(List.of(more));
            return OpensslClient.run(proxy, request(host), all);
        }
    }

    static void assertResumed(String output) {
        assertThat(output).contains("Reused, TLSv1").contains("HTTP/1.1 404 ");
    }

    static void assertFull(String output) {
        assertThat(output).contains("New, TLSv1").contains("HTTP/1.1 404 ").doesNotContain("Reused");
    }

    static void assertRefused(String output) {
        assertThat(output).contains("alert").doesNotContain("HTTP/1.1").doesNotContain("Reused");
    }
}
