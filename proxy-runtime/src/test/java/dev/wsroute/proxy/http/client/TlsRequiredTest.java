// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.http.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wsroute.config.RuleConfig.PlainHttp;
import dev.wsroute.proxy.testkit.RawPeer;
import dev.wsroute.proxy.testkit.TestProxy;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Clients that do not use TLS where they have to, or use it where they must not. */
class TlsRequiredTest extends TlsListenerFixture {

    @Test
    void plainHttpGetsA400ThatSaysWhy() throws Exception {
        try (TestProxy proxy = options().start();
                RawPeer client = proxy.connect()) {
            client.send(TestProxy.handshake());

            assertThat(client.readToEnd())
                    .startsWith("HTTP/1.1 400 ")
                    .contains("Connection: close\r\n")
                    .endsWith("This port requires TLS; use https or wss.\n");
            assertThat(metrics.events()).contains("refused tls_required 400 ''", "TLS failed: not_tls");
        }
    }

    @Test
    void somethingElseThanTlsOrHttpIsClosed() throws Exception {
        try (TestProxy proxy = options().start();
                RawPeer client = proxy.connect()) {
            client.send("\u0000\u0001\u0002");

            assertThat(client.readToEnd()).isEmpty();
        }
    }

    @Test
    void tlsOnAPlainPortIsClosedAtOnce() throws Exception {
        try (TestProxy proxy = TestProxy.to(backend);
                RawPeer client = proxy.connect()) {
            client.send("\u0016\u0003");

            assertThat(client.readToEnd()).isEmpty();
        }
    }

    @Test
    void aListenerThatRedirectsAnswers308ToEverything() throws Exception {
        try (TestProxy proxy = TestProxy.options()
                        .to(backend.address())
                        .role(new ListenerRole(null, 8443))
                        .start();
                RawPeer client = proxy.connect();
                RawPeer browser = proxy.connect()) {
            client.send(TestProxy.handshake());
            browser.send("GET http://Chat.example.com:8080?a=b HTTP/1.1\r\nHost: Chat.example.com:8080\r\n\r\n");

            assertThat(client.readHead())
                    .startsWith("HTTP/1.1 308 ")
                    .contains("Location: https://chat.example.com:8443/chat?x=1\r\n");
            assertThat(browser.readHead()).contains("Location: https://Chat.example.com:8443/?a=b\r\n");
        }
    }

    @Test
    void aTokenInTheQueryOfARedirectedRequestIsNotLogged() throws Exception {
        try (TestProxy proxy = TestProxy.options()
                        .to(backend.address())
                        .role(new ListenerRole(null, 443))
                        .secretParameters("access_token")
                        .start();
                RawPeer client = proxy.connect()) {
            client.send("GET /a?access_token=secret HTTP/1.1\r\nHost: chat.example.com\r\n\r\n");

            assertThat(client.readHead()).contains("Location: https://chat.example.com/a?access_token=secret\r\n");
            assertThat(proxy.nextLogged().toString()).contains("/a").doesNotContain("secret");
        }
    }

    @Test
    void theHttpsPortIsLeftOutOfRedirects() throws Exception {
        try (TestProxy proxy = TestProxy.options()
                        .to(backend.address())
                        .role(new ListenerRole(null, 443))
                        .start();
                RawPeer client = proxy.connect()) {
            client.send("GET /a HTTP/1.1\r\nHost: [::1]:80\r\n\r\n");

            assertThat(client.readHead()).contains("Location: https://[::1]/a\r\n");
        }
    }

    @Test
    void aConnectionFromBeforeItsListenerHadTlsIsServedNoMore() throws Exception {
        try (TestProxy proxy = TestProxy.options()
                        .to(backend.address())
                        .metrics(metrics)
                        .plain(new PlainHttp(PlainHttp.Mode.Reject, Duration.ofSeconds(60)))
                        .role(ListenerRole.PLAIN)
                        .start();
                RawPeer client = proxy.connect()) {
            client.send("GET /missing HTTP/1.1\r\nHost: chat.example.com\r\n\r\n");
            assertThat(client.readHead()).startsWith("HTTP/1.1 426 ").doesNotContain("Connection: close");
            client.read("This route accepts only WebSocket upgrades.\n".length());

            proxy.assume(new ListenerRole(listener, null));
            client.send(TestProxy.handshake());

            assertThat(client.readToEnd()).startsWith("HTTP/1.1 400 ").endsWith("use https or wss.\n");
            assertThat(metrics.events()).contains("refused tls_required 400 ''");
        }
    }
}
