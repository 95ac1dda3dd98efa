// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.authz;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wsroute.proxy.testkit.AuthorizationService;
import dev.wsroute.proxy.testkit.AuthorizationService.Asked;
import dev.wsroute.proxy.testkit.RawPeer;
import dev.wsroute.proxy.testkit.TestProxy;
import dev.wsroute.proxy.testkit.TestTls;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/** What the service is asked about a request. */
class SubrequestTest extends ExternalFixture {

    @Test
    void theSubrequestIsOneOfNginxAndOneOfTraefik() throws Exception {
        AuthorizationService service = service("200 OK");
        TestProxy proxy = proxy(service);

        passed(
                proxy,
                "Cookie: " + SESSION,
                "Authorization: " + BEARER,
                "Sec-WebSocket-Protocol: chat",
                "Range: bytes=0-1");

        Asked asked = service.asked().get(0);
        assertThat(asked.requestLine()).isEqualTo("GET /oauth2/auth HTTP/1.1");
        assertThat(asked.header("Host")).isEqualTo("chat.example.com");
        assertThat(asked.header("X-Original-Method")).isEqualTo("GET");
        assertThat(asked.header("X-Original-URI")).isEqualTo("/chat?x=1");
        assertThat(asked.header("X-Original-URL")).isEqualTo(SCHEME + "://chat.example.com/chat?x=1");
        assertThat(asked.header("X-Forwarded-Method")).isEqualTo("GET");
        assertThat(asked.header("X-Forwarded-Proto")).isEqualTo(SCHEME);
        assertThat(asked.header("X-Forwarded-Host")).isEqualTo("chat.example.com");
        assertThat(asked.header("X-Forwarded-Uri")).isEqualTo("/chat?x=1");
        assertThat(asked.header("X-Forwarded-For")).isEqualTo("127.0.0.1");
        assertThat(asked.header("X-Real-IP")).isEqualTo("127.0.0.1");
        assertThat(asked.header("Cookie")).isEqualTo(SESSION);
        assertThat(asked.header("Authorization")).isEqualTo(BEARER);
        assertThat(asked.headers())
                .noneMatch(line -> line.toLowerCase(Locale.ROOT)
                        .matches("(connection|upgrade|sec-websocket-.*|content-length|transfer-encoding|te|range):.*"));
    }

    @Test
    void nothingThatAClientSendsDescribesItsRequest() throws Exception {
        AuthorizationService service = service("200 OK");
        TestProxy proxy = proxy(service, Terms.DEFAULT.toBackend("X-User").subject("X-Subject"));

        passed(
                proxy,
                "X-Original-URI: /public",
                "X-Original-URL: https://chat.example.com/public",
                "X-Original-Method: OPTIONS",
                "X_Original_URI: /public",
                "X-Forwarded-Uri: /public",
                "X-Forwarded-Method: OPTIONS",
                "X-Forwarded-User: admin",
                "X-Forwarded-For: 10.0.0.1",
                "X-Forwarded-Host: other.example.com",
                "X-Real-IP: 10.0.0.1",
                "X_Real_Ip: 10.0.0.1",
                "X-Auth-Request-User: admin",
                "Remote-User: admin",
                "X-User: admin",
                "X_USER: admin",
                "X-Subject: admin",
                "Proxy: http://evil.example/");

        Asked asked = service.asked().get(0);
        assertThat(asked.headers())
                .noneMatch(line -> line.contains("admin") || line.contains("/public") || line.contains("10.0.0.1"));
        assertThat(asked.header("X-Original-URI")).isEqualTo("/chat?x=1");
        assertThat(asked.header("X-Original-Method")).isEqualTo("GET");
        assertThat(asked.header("X-Forwarded-Host")).isEqualTo("chat.example.com");
        assertThat(asked.headers()).noneMatch(line -> line.contains("_") || line.startsWith("Proxy:"));
    }

    @Test
    void theConnectionHeaderRemovesNothingThatTheServiceNeeds() throws Exception {
        AuthorizationService service = service("200 OK");
        TestProxy proxy = proxy(service);
        RawPeer client = open(proxy.connect())
                .send(
                        "GET / HTTP/1.1\r\nHost: a\r\nCookie: c=1\r\nAuthorization: Basic x\r\n"
                                + "Connection: X-Original-URI, Cookie, Authorization, X-Forwarded-For, X-Mine\r\nX-Mine: 1\r\n\r\n");
        RawPeer behind = open(backend.accept());
        behind.readHead();
        behind.send("HTTP/1.1 204 No Content\r\n\r\n");
        client.readHead();

        Asked asked = service.asked().get(0);
        assertThat(asked.header("Cookie")).isEqualTo("c=1");
        assertThat(asked.header("Authorization")).isEqualTo("Basic x");
        assertThat(asked.header("X-Original-URI")).isEqualTo("/");
        assertThat(asked.header("X-Forwarded-For")).isEqualTo("127.0.0.1");
        assertThat(asked.header("X-Mine")).isEmpty();
    }

    @Test
    void onlyTheHeadersOfTheRuleAreSentIfItNamesThem() throws Exception {
        AuthorizationService service = service("200 OK");
        TestProxy proxy = proxy(service, Terms.DEFAULT.toService("Cookie", "X-Original-URI"));

        passed(proxy, "Cookie: " + SESSION, "Authorization: " + BEARER, "User-Agent: test", "X-Original-URI: /public");

        assertThat(service.asked().get(0).headers().stream()
                        .map(line -> line.substring(0, line.indexOf(':')))
                        .toList())
                .containsExactlyInAnyOrder(
                        "Cookie",
                        "Host",
                        "X-Original-Method",
                        "X-Original-URI",
                        "X-Original-URL",
                        "X-Forwarded-Method",
                        "X-Forwarded-Proto",
                        "X-Forwarded-Host",
                        "X-Forwarded-Uri",
                        "X-Forwarded-For",
                        "X-Real-IP",
                        "X-Request-Id",
                        "CDN-Loop");
        assertThat(service.asked().get(0).header("X-Original-URI")).isEqualTo("/chat?x=1");
    }

    /** Otherwise one request would become as many as there are connections. */
    @Test
    void aSubrequestThatArrivesAtItsOwnProxyIsALoop() throws Exception {
        AuthorizationService service = service("200 OK");
        TestProxy proxy = proxy(service);
        passed(proxy, "CDN-Loop: other");

        String marks = service.asked().get(0).header("CDN-Loop");

        assertThat(marks).startsWith("other, wsroute-");
        assertThat(open(proxy.connect())
                        .send("GET /oauth2/auth HTTP/1.1\r\nHost: a\r\nCDN-Loop: " + marks + "\r\n\r\n")
                        .readHead())
                .startsWith("HTTP/1.1 508 ");
        assertThat(service.asked()).hasSize(1);
    }

    @Test
    void requestsWithBodiesAreAskedAboutWithoutThem() throws Exception {
        AuthorizationService service = service("200 OK", "Set-Cookie: s=2");
        TestProxy proxy = proxy(service);
        RawPeer client = open(proxy.connect())
                .send(
                        "POST /poll?sid=1 HTTP/1.1\r\nHost: a\r\nContent-Type: text/plain\r\nContent-Length: 5\r\n\r\nhello");
        RawPeer behind = open(backend.accept());
        behind.readHead();
        assertThat(behind.readText(5)).isEqualTo("hello");
        behind.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");

        assertThat(client.readHead()).startsWith("HTTP/1.1 200 ").contains("Set-Cookie: s=2\r\n");
        assertThat(client.readText(2)).isEqualTo("ok");
        Asked asked = service.asked().get(0);
        assertThat(asked.requestLine()).isEqualTo("GET /oauth2/auth HTTP/1.1");
        assertThat(asked.header("X-Original-Method")).isEqualTo("POST");
        assertThat(asked.header("Content-Length")).isEmpty();
    }

    @Test
    void differentCredentialsAreAskedAboutOneByOne() throws Exception {
        AuthorizationService service = open(AuthorizationService.start(
                (asked, out) -> AuthorizationService.saying(AuthorizationService.response(
                                asked.header("Cookie").equals("session=good") ? "200 OK" : "403 Forbidden"))
                        .answer(asked, out)));
        TestProxy proxy = proxy(service);

        assertThat(refusal(proxy, "Cookie: session=bad")).startsWith("HTTP/1.1 403 ");
        assertThat(passed(proxy, "Cookie: session=good").response()).startsWith("HTTP/1.1 101 ");
        assertThat(refusal(proxy, "Cookie: session=bad")).startsWith("HTTP/1.1 403 ");
        assertThat(service.asked()).hasSize(3);
    }

    @Test
    void aServiceWithTlsIsAskedOverTls() throws Exception {
        AuthorizationService service = service("200 OK").secure(TestTls.backendContext());
        TestProxy proxy = proxy(service, Terms.DEFAULT.secured());

        assertThat(passed(proxy).response()).startsWith("HTTP/1.1 101 ");
        assertThat(passed(proxy).response()).startsWith("HTTP/1.1 101 ");

        assertThat(service.asked()).hasSize(2);
        assertThat(service.connections()).isOne();
    }
}
