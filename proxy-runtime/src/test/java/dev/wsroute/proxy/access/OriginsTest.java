// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wsroute.config.AccessConfig;
import dev.wsroute.config.AccessConfig.Mode;
import dev.wsroute.config.ClientAddressConfig;
import dev.wsroute.config.ClientAddressConfig.ProxyProtocol;
import dev.wsroute.config.LimitsConfig;
import dev.wsroute.proxy.snapshot.ProxyTerms;
import dev.wsroute.proxy.testkit.ProxyTest;
import dev.wsroute.proxy.testkit.RawBackend;
import dev.wsroute.proxy.testkit.RawPeer;
import dev.wsroute.proxy.testkit.RecordingMetrics;
import dev.wsroute.proxy.testkit.TestProxy;
import dev.wsroute.proxy.testkit.TestTls;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which pages may open a WebSocket (RFC 6455 §10.2). */
class OriginsTest extends ProxyTest {

    private static final ClientAddressConfig BALANCER =
            new ClientAddressConfig(List.of("127.0.0.0/8"), ProxyProtocol.Disabled);
    private static final String SCHEME = TestTls.isOn() ? "https" : "http";

    private RawBackend server;

    @BeforeEach
    void start() throws Exception {
        server = open(RawBackend.start());
    }

    private TestProxy allowing(String... origins) throws IOException {
        return proxy(AccessConfig.ofOrigins(List.of(origins)));
    }

    private TestProxy proxy(AccessConfig access) throws IOException {
        return open(TestProxy.options()
                .to(server.address())
                .rule(rule -> rule.access(access))
                .start());
    }

    private void opens(TestProxy proxy, String... headers) throws IOException {
        try (TestProxy.Pair pair = proxy.open(server, headers)) {
            assertThat(pair.client()).isNotNull();
        }
    }

    private RawPeer isRefused(TestProxy proxy, String... headers) throws IOException {
        RawPeer client = open(proxy.connect()).send(TestProxy.handshake(headers));
        assertThat(client.readHead()).startsWith("HTTP/1.1 403 ").doesNotContainIgnoringCase("access-control-");
        return client;
    }

    @ParameterizedTest
    @CsvSource({
        "https://app.example.com,       https://app.example.com",
        "https://app.example.com:8443,  https://app.example.com:8443",
        "http://[2001:db8::1]:3000,     http://[2001:db8::1]:3000",
        "https://*.example.com,         https://app.example.com",
        "https://*.example.com,         https://a.b.example.com",
        "https://*.example.com:8443,    https://app.example.com:8443",
        "capacitor://localhost,         capacitor://localhost",
        "https://app.example.com:443,   https://app.example.com",
        "null,                          null",
    })
    void anAllowedOriginConnects(String allowed, String origin) throws Exception {
        opens(allowing("https://other.example.net", allowed), "Origin: " + origin);
    }

    @ParameterizedTest
    @CsvSource({
        "https://app.example.com,    http://app.example.com",
        "https://app.example.com,    https://app.example.com:8443",
        "https://app.example.com,    https://app.example.com.evil.example",
        "https://app.example.com,    https://evil.example",
        "https://app.example.com,    https://app.example.com/",
        "https://app.example.com,    https://APP.example.com",
        "https://app.example.com,    null",
        "https://*.example.com,      https://example.com",
        "https://*.example.com,      https://.example.com",
        "https://*.example.com,      https://evilexample.com",
        "https://*.example.com,      http://app.example.com",
        "https://*.example.com,      https://app.example.com:8443",
        "https://*.example.com,      https://evil.example/.example.com",
        "https://*.example.com,      https://evil.example:1.example.com",
        "https://*.example.com,      https://evil.example#.example.com",
        "https://*.example.com,      https://user@app.example.com",
        "https://*.example.com,      https://app.example.com.",
        "https://*.example.com,      https://*.example.com",
        "https://*.example.com,      https://app.example.com:443",
        "https://*.example.com,      https://example.com.",
        "https://*.example.com,      https://app%2eexample.com",
        "https://*.example.com,      https://evil.example\\.example.com",
        "https://*.example.com,      https://evil.example?.example.com",
        "https://*.example.com,      'https://evil.example .example.com'",
        "https://*.example.com,      https://[::1].example.com",
        "https://*.example.com,      .example.com",
        "https://app.example.com,    'https://app.example.com https://evil.example'",
        "https://app.example.com,    'https://app.example.com, https://app.example.com'",
        "https://app.example.com,    https://app.example.com.",
        "https://app.example.com,    https://app.example.com:443",
        "https://app.example.com,    ''",
        "http://[2001:db8::1]:3000,  http://[2001:0db8::1]:3000",
        "http://[2001:db8::1]:3000,  http://[2001:db8::1]",
        "null,                       ''",
        "null,                       NULL",
        "same-origin,                ''",
        "https://app.example.com,    same-origin",
        "same-origin,                same-origin",
        "same-origin,                null",
    })
    void anotherOriginIsRefused(String allowed, String origin) throws Exception {
        isRefused(allowing(allowed), "Origin: " + origin);
    }

    /** Nor does an event loop look at each of its labels. */
    @Test
    void aHostThatIsTooLongForOneIsNoSubdomain() throws Exception {
        TestProxy proxy = allowing("https://*.example.com:8443");
        String longest = "https://" + "a.".repeat(121) + "example.com:8443";

        opens(proxy, "Origin: " + longest);
        isRefused(proxy, "Origin: " + longest.replace("a.example", "abc.example"));
        isRefused(proxy, "Origin: https://" + "a.".repeat(15_000) + "example.com:8443");
    }

    @Test
    void twoOriginsAreRefused() throws Exception {
        isRefused(
                allowing("https://app.example.com"),
                "Origin: https://app.example.com",
                "Origin: https://app.example.com");
    }

    @Test
    void aRefusalIsCountedAndSaysNothingInternal() throws Exception {
        RecordingMetrics metrics = new RecordingMetrics();
        TestProxy proxy = open(TestProxy.options()
                .to(server.address())
                .metrics(metrics)
                .rule(rule -> rule.access(AccessConfig.ofOrigins(List.of("https://app.example.com"))))
                .start());

        RawPeer client = isRefused(proxy, "Origin: https://evil.example");

        assertThat(client.readToEnd()).isEqualTo("This origin may not connect.\n");
        assertThat(metrics.events()).contains("refused origin_denied 403 'apps/echo'");
        assertThat(proxy.nextLogged().status()).isEqualTo(403);
    }

    @Test
    void programsSendNoOriginAndConnectUnlessItIsRequired() throws Exception {
        List<String> origins = List.of("https://app.example.com");

        opens(allowing("https://app.example.com"));
        isRefused(proxy(new AccessConfig(Mode.Enforce, origins, true, null)));
        isRefused(proxy(new AccessConfig(Mode.Enforce, List.of(), true, null)));
        opens(proxy(new AccessConfig(Mode.Enforce, List.of(), true, null)), "Origin: https://any.example");
    }

    @Test
    void inModeReportAllConnectAndWhatWouldBeRefusedIsCountedAndLogged() throws Exception {
        RecordingMetrics metrics = new RecordingMetrics();
        TestProxy proxy = open(TestProxy.options()
                .to(server.address())
                .metrics(metrics)
                .rule(rule ->
                        rule.access(new AccessConfig(Mode.Report, List.of("https://app.example.com"), true, null)))
                .start());

        opens(proxy, "Origin: https://app.example.com");
        assertThat(proxy.nextOpened().reported()).isNull();
        opens(proxy, "Origin: https://evil.example");
        assertThat(proxy.nextOpened().reported())
                .isEqualTo("Access would have been refused: This origin may not connect.");
        opens(proxy);
        assertThat(proxy.nextOpened().reported())
                .isEqualTo("Access would have been refused: An Origin header is required.");

        assertThat(metrics.events())
                .filteredOn(event -> event.startsWith("reported"))
                .containsExactly("reported ORIGIN_DENIED", "reported ORIGIN_DENIED");
    }

    @ParameterizedTest
    @CsvSource({
        "chat.example.com,       ://chat.example.com",
        "Chat.Example.COM,       ://chat.example.com",
        "chat.example.com:8080,  ://chat.example.com:8080",
        "[2001:DB8::1]:8080,     ://[2001:db8::1]:8080",
        "[2001:db8::1],          ://[2001:db8::1]",
        "chat.example.com.,      ://chat.example.com.",
    })
    void theSameOriginConnects(String host, String origin) throws Exception {
        TestProxy proxy = allowing("same-origin");
        RawPeer client = open(proxy.connect())
                .send(TestProxy.handshake("Origin: " + SCHEME + origin)
                        .replace("Host: chat.example.com\r\n", "Host: " + host + "\r\n"));
        RawPeer backend = open(server.accept());
        backend.readHead();
        backend.send(TestProxy.switching());

        assertThat(client.readHead()).startsWith("HTTP/1.1 101 ");
    }

    @Test
    void thePortThatIsTheSchemesIsNotPartOfAnOrigin() throws Exception {
        TestProxy proxy = allowing("same-origin");
        String port = TestTls.isOn() ? ":443" : ":80";
        RawPeer client = open(proxy.connect())
                .send(TestProxy.handshake("Origin: " + SCHEME + "://chat.example.com")
                        .replace("Host: chat.example.com", "Host: chat.example.com" + port));
        open(server.accept()).send(TestProxy.switching());

        assertThat(client.readHead()).startsWith("HTTP/1.1 101 ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "://other.example.com",
                "://chat.example.com:8081",
                "x://chat.example.com",
                "://chat.example.com.evil.example",
                "://chat.example.com.",
                "://user@chat.example.com",
                "://chat.example.com/",
                "://chat.example.com:",
                "://CHAT.example.com"
            })
    void anotherHostPortOrSchemeIsAnotherOrigin(String origin) throws Exception {
        isRefused(allowing("same-origin"), "Origin: " + SCHEME + origin);
        isRefused(allowing("same-origin"), "Origin: " + (TestTls.isOn() ? "http" : "https") + "://chat.example.com");
    }

    @Test
    void behindATrustedProxyTheOriginIsThatOfItsClientsRequest() throws Exception {
        TestProxy proxy = allowing("same-origin");
        proxy.apply(ProxyTerms.of(LimitsConfig.DEFAULT, BALANCER));

        opens(
                proxy,
                "X-Forwarded-Proto: https",
                "X-Forwarded-Host: chat.example.com",
                "Origin: https://chat.example.com");
        opens(
                proxy,
                "X-Forwarded-Proto: https",
                "X-Forwarded-Host: chat.example.com:8443",
                "Origin: https://chat.example.com:8443");
        opens(
                proxy,
                "X-Forwarded-Proto: https",
                "X-Forwarded-Host: chat.example.com",
                "X-Forwarded-Port: 8443",
                "Origin: https://chat.example.com:8443");
        opens(
                proxy,
                "X-Forwarded-Proto: wss",
                "X-Forwarded-Host: chat.example.com:443",
                "Origin: https://chat.example.com");
        opens(proxy, "Forwarded: for=192.0.2.1;proto=https;host=chat.example.com", "Origin: https://chat.example.com");
        isRefused(
                proxy,
                "X-Forwarded-Proto: https",
                "X-Forwarded-Host: chat.example.com",
                "Origin: https://evil.example");
        isRefused(
                proxy,
                "X-Forwarded-Proto: http",
                "X-Forwarded-Host: chat.example.com",
                "Origin: https://chat.example.com");
        isRefused(
                proxy,
                "X-Forwarded-Proto: https",
                "X-Forwarded-Host: chat.example.com",
                "X-Forwarded-Port: 8443",
                "Origin: https://chat.example.com:9443");
    }

    @Test
    void forwardingHeadersOfAStrangerMakeNoOriginTheSame() throws Exception {
        TestProxy proxy = allowing("same-origin");

        isRefused(proxy, "X-Forwarded-Proto: https", "X-Forwarded-Host: evil.example", "Origin: https://evil.example");
        isRefused(proxy, "X-Forwarded-Host: evil.example", "Origin: " + SCHEME + "://evil.example");
    }
}
