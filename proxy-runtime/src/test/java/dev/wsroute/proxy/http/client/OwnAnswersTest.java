// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.http.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wsroute.config.ClientAddressConfig;
import dev.wsroute.config.HeaderModifier;
import dev.wsroute.config.LimitsConfig;
import dev.wsroute.config.NameValue;
import dev.wsroute.config.RuleConfig.PlainHttp;
import dev.wsroute.config.RuleConfig.Timeouts;
import dev.wsroute.proxy.memory.EvictingBudget;
import dev.wsroute.proxy.memory.EvictionWeight;
import dev.wsroute.proxy.memory.MemoryBudget;
import dev.wsroute.proxy.memory.MemoryBudgets;
import dev.wsroute.proxy.memory.MemoryPlan;
import dev.wsroute.proxy.snapshot.ProxyTerms;
import dev.wsroute.proxy.testkit.ProxyTest;
import dev.wsroute.proxy.testkit.RawBackend;
import dev.wsroute.proxy.testkit.RawPeer;
import dev.wsroute.proxy.testkit.TestProxy;
import dev.wsroute.proxy.testkit.TestProxyOptions;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The proxy's own responses have the headers that the request's rule sets, and are well-formed whatever these are. */
class OwnAnswersTest extends ProxyTest {

    private static final String ORIGIN = "Access-Control-Allow-Origin: https://app.example.com\r\n";
    private static final HeaderModifier CORS = new HeaderModifier(
            List.of(new NameValue("Access-Control-Allow-Origin", "https://app.example.com")),
            List.of(new NameValue("Vary", "Origin")),
            List.of());
    private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

    private RawBackend server;

    @BeforeEach
    void start() throws Exception {
        server = open(RawBackend.start());
    }

    private TestProxyOptions cors() {
        return TestProxy.options().rule(rule -> rule.responseHeaderModifier(CORS));
    }

    private RawPeer asked(TestProxy proxy, String request) throws IOException {
        return open(proxy.connect()).send(request);
    }

    private String answer(TestProxy proxy, String request) throws IOException {
        return asked(proxy, request).readHead();
    }

    private InetSocketAddress refusing() throws IOException {
        try (RawBackend closed = RawBackend.start()) {
            return closed.address();
        }
    }

    @Test
    void withoutAnEndpoint() throws Exception {
        TestProxy proxy = open(cors().start());

        assertThat(answer(proxy, GET))
                .startsWith("HTTP/1.1 503 ")
                .contains(ORIGIN, "Vary: Origin\r\n")
                .containsIgnoringCase("retry-after: 1\r\n");
        assertThat(answer(proxy, TestProxy.handshake()))
                .startsWith("HTTP/1.1 503 ")
                .contains(ORIGIN);
    }

    @Test
    void withABackendThatCannotBeReachedOrBreaksOff() throws Exception {
        assertThat(answer(open(cors().to(refusing()).start()), GET))
                .startsWith("HTTP/1.1 502 ")
                .contains(ORIGIN);

        RawPeer client = asked(open(cors().to(server.address()).start()), GET);
        server.accept().close();
        assertThat(client.readHead()).startsWith("HTTP/1.1 502 ").contains(ORIGIN);
    }

    @Test
    void withABackendThatTakesTooLong() throws Exception {
        TestProxy proxy = open(cors().to(server.address())
                .plain(new PlainHttp(PlainHttp.Mode.Proxy, Duration.ofMillis(200)))
                .timeouts(new Timeouts(Duration.ofSeconds(5), Duration.ofMillis(200), null, Duration.ofSeconds(60)))
                .start());

        assertThat(answer(proxy, GET)).startsWith("HTTP/1.1 504 ").contains(ORIGIN);
        assertThat(answer(proxy, TestProxy.handshake()))
                .startsWith("HTTP/1.1 504 ")
                .contains(ORIGIN);
    }

    @Test
    void whenALimitIsExceeded() throws Exception {
        TestProxy proxy = open(cors().to(server.address()).start());
        proxy.apply(ProxyTerms.of(limits(null, 1), ClientAddressConfig.DEFAULT));
        open(proxy.connect());
        assertThat(answer(proxy, TestProxy.handshake()))
                .startsWith("HTTP/1.1 429 ")
                .contains(ORIGIN);

        proxy.apply(ProxyTerms.of(limits(1, null), ClientAddressConfig.DEFAULT));
        assertThat(answer(proxy, GET)).startsWith("HTTP/1.1 503 ").contains(ORIGIN);
    }

    private static LimitsConfig limits(@Nullable Integer perProxy, @Nullable Integer perClient) {
        return new LimitsConfig(perProxy, perClient, null, null, null, null, null, null, null);
    }

    @Test
    void whenMemoryIsShort() throws Exception {
        MemoryBudgets plan = MemoryPlan.ofProcess().budgets();
        EvictingBudget requests = new EvictingBudget(new MemoryBudget("requests", 10), EvictionWeight.BYTES);
        TestProxy proxy = open(
                cors().to(server.address()).memory(plan.withRequests(requests)).start());

        assertThat(answer(proxy, GET)).startsWith("HTTP/1.1 503 ").contains(ORIGIN);
    }

    @Test
    void whenOnlyWebsocketsAreServedOrAnotherVersionOfThem() throws Exception {
        TestProxy proxy = open(cors().to(server.address())
                .plain(new PlainHttp(PlainHttp.Mode.Reject, Duration.ofSeconds(60)))
                .start());

        assertThat(answer(proxy, GET))
                .startsWith("HTTP/1.1 426 ")
                .contains(ORIGIN)
                .containsIgnoringCase("upgrade: websocket\r\n")
                .containsIgnoringCase("connection: upgrade\r\n");
        assertThat(answer(proxy, TestProxy.handshake().replace("Version: 13", "Version: 12")))
                .startsWith("HTTP/1.1 426 ")
                .contains(ORIGIN);
    }

    @Test
    void whenTheBodyOfARequestIsBroken() throws Exception {
        RawPeer client = asked(
                open(cors().to(server.address()).start()),
                "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
        open(server.accept()).readHead();

        client.send("no size\r\n");

        assertThat(client.readHead()).startsWith("HTTP/1.1 400 ").contains(ORIGIN);
    }

    @Test
    void whatBelongsToNoRuleBearsNoHeadersOfOne() throws Exception {
        TestProxy proxy = open(cors().to(server.address()).start());

        assertThat(answer(proxy, "GET / HTTP/1.1\r\nHost: nowhere.example\r\n\r\n"))
                .startsWith("HTTP/1.1 404 ")
                .doesNotContain("Access-Control", "Vary");
        assertThat(answer(proxy, "GET / HTTP/1.1\r\n\r\n"))
                .startsWith("HTTP/1.1 400 ")
                .doesNotContain("Access-Control");
    }

    @Test
    void norDoesWhatFollowsARequestOfARuleOnTheSameConnection() throws Exception {
        TestProxy proxy = open(cors().start());
        RawPeer client = asked(proxy, GET);
        assertThat(client.readHead()).contains(ORIGIN);
        client.readText("No backend is available.\n".length());

        client.send("GET / HTTP/1.1\r\nHost: nowhere.example\r\n\r\n");
        assertThat(client.readHead()).startsWith("HTTP/1.1 404 ").doesNotContain("Access-Control");
        client.readText("No route for this host and path.\n".length());

        client.send("what is this\r\n\r\n");
        assertThat(client.readHead()).startsWith("HTTP/1.1 400 ").doesNotContain("Access-Control");
    }

    @Test
    void headersAboutTheBodyOrItsCachingAreTheProxysOwn() throws Exception {
        HeaderModifier pages = new HeaderModifier(
                List.of(
                        new NameValue("Content-Type", "text/html"),
                        new NameValue("content-encoding", "br"),
                        new NameValue("Cache-Control", "public, max-age=31536000"),
                        new NameValue("Cloudflare-CDN-Cache-Control", "max-age=31536000"),
                        new NameValue("Edge-Control", "max-age=1y"),
                        new NameValue("X-Accel-Expires", "31536000"),
                        new NameValue("ETag", "\"1\""),
                        new NameValue("Content-Security-Policy", "default-src 'self'")),
                List.of(new NameValue("Content-Language", "de"), new NameValue("Expires", "0")),
                List.of("CONTENT-TYPE", "Retry-After"));
        TestProxy proxy = open(TestProxy.options()
                .rule(rule -> rule.responseHeaderModifier(pages))
                .start());
        RawPeer client = asked(proxy, GET);

        assertThat(client.readHead())
                .startsWith("HTTP/1.1 503 ")
                .containsIgnoringCase("content-type: text/plain; charset=utf-8\r\n")
                .containsIgnoringCase("content-length: 25\r\n")
                .contains("Content-Security-Policy: default-src 'self'\r\n")
                .doesNotContainIgnoringCase("content-encoding")
                .doesNotContainIgnoringCase("cache-control")
                .doesNotContainIgnoringCase("edge-control")
                .doesNotContainIgnoringCase("x-accel-")
                .doesNotContainIgnoringCase("etag")
                .doesNotContainIgnoringCase("content-language")
                .doesNotContainIgnoringCase("expires")
                .doesNotContainIgnoringCase("retry-after");
        assertThat(client.readText(25)).isEqualTo("No backend is available.\n");
    }

    @Test
    void aRetryAfterThatTheRuleAddsMakesNoSecondOne() throws Exception {
        HeaderModifier later = new HeaderModifier(List.of(), List.of(new NameValue("Retry-After", "60")), List.of());
        TestProxy proxy = open(TestProxy.options()
                .rule(rule -> rule.responseHeaderModifier(later))
                .start());

        assertThat(answer(proxy, GET))
                .containsIgnoringCase("retry-after: 1\r\n")
                .doesNotContainIgnoringCase("retry-after: 60");
    }
}
