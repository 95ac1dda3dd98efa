// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.http.client;

import dev.wsroute.config.RuleConfig.PlainHttp;
import dev.wsroute.proxy.testkit.RawBackend;
import dev.wsroute.proxy.testkit.RawPeer;
import dev.wsroute.proxy.testkit.RecordingMetrics;
import dev.wsroute.proxy.testkit.TestAuthority;
import dev.wsroute.proxy.testkit.TestAuthority.Issued;
import dev.wsroute.proxy.testkit.TestProxy;
import dev.wsroute.proxy.testkit.TestProxyOptions;
import dev.wsroute.proxy.tls.TlsFixture;
import dev.wsroute.proxy.tls.TlsListener;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A listener with TLS and two certificates. */
abstract class TlsListenerFixture {

    static final TestAuthority CA = TestAuthority.named("test CA");
    static final Issued CHAT = CA.issue("dns:chat.example.com", "dns:*.chat.example.com");
    static final Issued OTHER = CA.issue("dns:other.example.com");

    final RecordingMetrics metrics = new RecordingMetrics();
    final TlsListener listener = TlsFixture.listener(CHAT, OTHER);
    RawBackend backend;

    @BeforeEach
    void start() throws IOException {
        backend = RawBackend.start();
    }

    @AfterEach
    void stop() throws IOException {
        backend.close();
        TlsFixture.renew(listener);
    }

    TestProxyOptions options() {
        return TestProxy.options()
                .to(backend.address())
                .plain(new PlainHttp(PlainHttp.Mode.Proxy, Duration.ofSeconds(60)))
                .metrics(metrics)
                .tls(listener);
    }

    static RawPeer connect(TestProxy proxy, String host) throws IOException {
        return RawPeer.secure(proxy.address(), CA.client(), host);
    }
}
