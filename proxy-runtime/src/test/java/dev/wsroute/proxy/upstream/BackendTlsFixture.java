// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wsroute.config.RuleConfig.PlainHttp;
import dev.wsroute.proxy.testkit.ProxyTest;
import dev.wsroute.proxy.testkit.RawBackend;
import dev.wsroute.proxy.testkit.RawPeer;
import dev.wsroute.proxy.testkit.RecordingMetrics;
import dev.wsroute.proxy.testkit.TestAuthority;
import dev.wsroute.proxy.testkit.TestAuthority.Issued;
import dev.wsroute.proxy.testkit.TestProxy;
import dev.wsroute.proxy.testkit.TestProxyOptions;
import dev.wsroute.proxy.tls.TlsBackend;
import dev.wsroute.proxy.tls.TlsFixture;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A proxy that speaks TLS to its backend. */
abstract class BackendTlsFixture extends ProxyTest {

    static final String HOST = "chat.apps.svc";
    static final TestAuthority CA = TestAuthority.named("backend CA");
    static final TestAuthority OTHER_CA = TestAuthority.named("other CA");
    static final Issued CHAT = CA.issue("dns:" + HOST);

    final RecordingMetrics metrics = new RecordingMetrics();
    final TlsBackend tls = TlsFixture.backend(HOST, CA, null);
    RawBackend backend;

    @BeforeEach
    void start() throws IOException {
        backend = open(RawBackend.start());
    }

    TestProxy start(TlsBackend settings) throws IOException {
        return open(options().backendTls(settings).start());
    }

    @AfterEach
    void release() {
        TlsFixture.release(tls);
    }

    TestProxyOptions options() {
        return options(backend.address());
    }

    TestProxyOptions options(InetSocketAddress endpoint) {
        return TestProxy.options()
                .to(endpoint)
                .plain(new PlainHttp(PlainHttp.Mode.Proxy, Duration.ofSeconds(60)))
                .metrics(metrics)
                .connectRetries(0)
                .backendTls(tls);
    }

    static SSLContext server(Issued certificate) {
        return CA.client(certificate);
    }

    /** Sends a request and returns the status line of the response. The TLS handshake with the backend fails or never begins. */
    String refused(TestProxy proxy) throws Exception {
        try (RawPeer client = proxy.connect()) {
            client.send(TestProxy.handshake());
            CompletableFuture<Boolean> accepted = CompletableFuture.supplyAsync(() -> {
                try (RawPeer peer = backend.accept()) {
                    // With TLS 1.3, the server's handshake completes before the client has verified its certificate.
                    return peer.readHead().isEmpty();
                } catch (IOException failed) {
                    return true;
                }
            });
            String head = client.readHead();
            assertThat(accepted.get()).as("nothing reached the backend").isTrue();
            return head.substring(0, head.indexOf('\r'));
        }
    }
}
