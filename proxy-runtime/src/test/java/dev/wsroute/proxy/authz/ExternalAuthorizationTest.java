// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.authz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.wsroute.proxy.accesslog.AccessEntry;
import dev.wsroute.proxy.drain.Subject;
import dev.wsroute.proxy.testkit.AuthorizationService;
import dev.wsroute.proxy.testkit.AuthorizationService.Asked;
import dev.wsroute.proxy.testkit.Frame;
import dev.wsroute.proxy.testkit.RawPeer;
import dev.wsroute.proxy.testkit.TestProxy;
import dev.wsroute.proxy.testkit.TestTls;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ExternalAuthorizationTest extends ExternalFixture {

    @Test
    void theServiceDecidesAndTheHandshakeGoesOn() throws Exception {
        AuthorizationService service = service("200 OK");
        TestProxy proxy = proxy(service);

        assertThat(passed(proxy).response()).startsWith("HTTP/1.1 101 ");

        assertThat(service.asked()).hasSize(1);
        assertThat(metrics.events()).contains("authorization allowed service");
    }

    @Test
    void theSubrequestIsOneOfNginxAndOneOfTraefik() throws Exception {
        AuthorizationService service = service("200 OK");
        TestProxy proxy = proxy(service);

        passed(
                proxy,
                "Cookie: session=1",
                "Authorization: Bearer t",
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
        assertThat(asked.header("Cookie")).isEqualTo("session=1");
        assertThat(asked.header("Authorization")).isEqualTo("Bearer t");
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

        passed(proxy, "Cookie: session=1", "Authorization: Bearer t", "User-Agent: test", "X-Original-URI: /public");

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
                        "X-Request-Id");
        assertThat(service.asked().get(0).header("X-Original-URI")).isEqualTo("/chat?x=1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"401 Unauthorized", "403 Forbidden"})
    void aRefusalGoesToTheClient(String status) throws Exception {
        TestProxy proxy = proxy(service(
                status,
                "WWW-Authenticate: Bearer realm=\"chat\"",
                "WWW-Authenticate: Basic realm=\"chat\"",
                "Location: https://login.example.com/?rd=x",
                "Set-Cookie: a=1; Path=/",
                "Set-Cookie: b=2; Path=/",
                "X-Internal: secret",
                "Server: auth"));

        String head = refusal(proxy);

        assertThat(head)
                .startsWith("HTTP/1.1 " + status + "\r\n")
                .contains(
                        "WWW-Authenticate: Bearer realm=\"chat\"\r\n",
                        "WWW-Authenticate: Basic realm=\"chat\"\r\n",
                        "Location: https://login.example.com/?rd=x\r\n",
                        "Set-Cookie: a=1; Path=/\r\n",
                        "Set-Cookie: b=2; Path=/\r\n")
                .doesNotContain("X-Internal", "Server: auth");
        assertThat(backend.poll()).isNull();
        assertThat(metrics.events())
                .contains(
                        "authorization refused service",
                        "refused authorization_denied " + status.substring(0, 3) + " 'apps/echo'");
    }

    @Test
    void aRedirectIsAnUnauthorizedRequest() throws Exception {
        TestProxy proxy =
                proxy(service("302 Found", "Location: https://login.example.com/"), Terms.DEFAULT.openOnFailure());

        assertThat(refusal(proxy)).startsWith("HTTP/1.1 401 ").contains("Location: https://login.example.com/\r\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"500 Internal Server Error", "502 Bad Gateway", "404 Not Found", "400 Bad Request"})
    void everythingElseIsUnavailable(String status) throws Exception {
        TestProxy proxy = proxy(service(status, "Set-Cookie: a=1", "Location: /x"));

        assertThat(refusal(proxy))
                .startsWith("HTTP/1.1 503 ")
                .contains("Retry-After: 1\r\n")
                .doesNotContain("Set-Cookie", "Location");
        assertThat(backend.poll()).isNull();
        assertThat(metrics.events()).contains("refused authorization_unavailable 503 'apps/echo'");
    }

    @Test
    void aFailureLetsPassIfTheRuleSaysSo() throws Exception {
        TestProxy proxy = proxy(
                service("500 Internal Server Error"),
                Terms.DEFAULT.openOnFailure().toBackend("X-User"));

        Passed passed = passed(proxy, "X-User: admin", "X_User: admin");

        assertThat(passed.response()).startsWith("HTTP/1.1 101 ");
        assertThat(passed.request()).doesNotContain("admin");
        assertThat(metrics.events()).contains("authorization failed_open server_error service");
        assertThat(proxy.nextOpened().reported()).contains("failOpen");
    }

    @ParameterizedTest
    @ValueSource(strings = {"400 Bad Request", "404 Not Found", "431 Request Header Fields Too Large"})
    void whatAClientCanProvokeNeverLetsPass(String status) throws Exception {
        TestProxy proxy = proxy(service(status), Terms.DEFAULT.openOnFailure());

        assertThat(refusal(proxy)).startsWith("HTTP/1.1 503 ");
    }

    @Test
    void aTargetThatIsTooLongForTheServiceNeverLetsPass() throws Exception {
        // Some services answer so, or break the connection, where others say 414 or 431.
        TestProxy proxy = proxy(service("500 Internal Server Error"), Terms.DEFAULT.openOnFailure());
        String target = "/chat?x=" + "x".repeat(Subrequest.ORDINARY_BYTES / 3);

        RawPeer client = open(proxy.connect()).send(TestProxy.handshake().replace("/chat?x=1", target));

        assertThat(client.readHead()).startsWith("HTTP/1.1 503 ");
        assertThat(metrics.events()).contains("authorization unavailable oversized service");
    }

    @Test
    void theBackendLearnsFromTheServiceWhoItIs() throws Exception {
        TestProxy proxy = proxy(
                service("200 OK", "X-User: anna", "X-Groups: a", "X-Groups: b", "X-Secret: s"),
                Terms.DEFAULT.toBackend("X-User", "X-Groups", "X-Tenant").subject("X-User"));

        Passed passed =
                passed(proxy, "X-User: admin", "X_User: admin", "X-Groups: root", "X-Tenant: other", "X.Tenant: other");

        assertThat(passed.request())
                .contains("X-User: anna\r\n", "X-Groups: a, b\r\n")
                .doesNotContain("admin", "root", "X-Tenant", "X.Tenant", "X-Secret");
        assertThat(proxy.nextOpened().subject()).isEqualTo(new Subject("external", "anna"));
    }

    @Test
    void anAuthorizationOfTheServiceReplacesThatOfTheClient() throws Exception {
        AuthorizationService service = service("200 OK", "Authorization: Bearer inner");
        TestProxy proxy = proxy(service, Terms.DEFAULT.toBackend("Authorization"));

        Passed passed = passed(proxy, "Authorization: Bearer outer");

        assertThat(service.asked().get(0).header("Authorization")).isEqualTo("Bearer outer");
        assertThat(passed.request()).containsOnlyOnce("Authorization:").contains("Authorization: Bearer inner\r\n");
    }

    @Test
    void aRenewedSessionReachesTheClient() throws Exception {
        TestProxy proxy = proxy(service("202 Accepted", "Set-Cookie: s=2; Path=/", "Set-Cookie: t=3; Path=/"));

        assertThat(passed(proxy).response())
                .startsWith("HTTP/1.1 101 ")
                .contains("Set-Cookie: s=2; Path=/\r\n", "Set-Cookie: t=3; Path=/\r\n", "Set-Cookie: backend=1\r\n");
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
    void aRefusedUploadIsNotReadAndTheNextRequestIsServed() throws Exception {
        AuthorizationService service = service("403 Forbidden");
        TestProxy proxy = proxy(service);

        String head = open(proxy.connect())
                .send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100000000\r\n\r\n")
                .readHead();

        assertThat(head).startsWith("HTTP/1.1 403 ");
        assertThat(backend.poll()).isNull();
    }

    @Test
    void framesThatAClientSendsEarlyWaitForTheDecision() throws Exception {
        CountDownLatch held = new CountDownLatch(1);
        AuthorizationService service = open(AuthorizationService.start(holding(held, "200 OK")));
        TestProxy proxy = proxy(service);
        RawPeer client = open(proxy.connect()).send(TestProxy.handshake());
        client.send(Frame.text("early", true));
        await().untilAsserted(() -> assertThat(service.asked()).hasSize(1));
        held.countDown();

        RawPeer behind = open(backend.accept());
        behind.readHead();
        behind.send(TestProxy.switching());

        assertThat(behind.readFrame().text()).isEqualTo("early");
    }

    @Test
    void whoLeavesBeforeTheDecisionLeavesNothing() throws Exception {
        CountDownLatch held = new CountDownLatch(1);
        AuthorizationService service = open(AuthorizationService.start(holding(held, "200 OK")));
        TestProxy proxy = proxy(service);
        RawPeer client = open(proxy.connect()).send(TestProxy.handshake());
        await().untilAsserted(() -> assertThat(service.asked()).hasSize(1));

        client.close();
        await().untilAsserted(
                        () -> assertThat(proxy.server().clientConnections()).isZero());
        held.countDown();

        // The connection to the service can be used again.
        assertThat(passed(proxy).response()).startsWith("HTTP/1.1 101 ");
        assertThat(service.connections()).isOne();
        assertThat(backend.poll()).isNull();
    }

    @Test
    void aCrowdOfEqualClientsCostsOneSubrequest() throws Exception {
        CountDownLatch held = new CountDownLatch(1);
        AuthorizationService service = open(AuthorizationService.start(holding(held, "403 Forbidden")));
        TestProxy proxy = proxy(service);
        // All of them must have come before the check ends.
        int crowd = TestTls.isOn() ? 100 : 2000;
        List<RawPeer> clients = new ArrayList<>();
        for (int i = 0; i < crowd; i++) {
            clients.add(
                    open(proxy.connect()).send(TestProxy.handshake("Cookie: session=shared", "X-Request-Id: " + i)));
        }
        await().untilAsserted(() ->
                assertThat(proxy.server().admission().handshaking()).isEqualTo(crowd));

        held.countDown();

        for (RawPeer client : clients) {
            assertThat(client.readHead()).startsWith("HTTP/1.1 403 ");
        }
        assertThat(service.asked()).hasSize(1);
        assertThat(metrics.events())
                .filteredOn("authorization refused shared"::equals)
                .hasSize(crowd - 1);
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

    @Test
    void noCredentialIsLogged() throws Exception {
        TestProxy proxy = proxy(service("401 Unauthorized", "Set-Cookie: fresh=secret2"));

        refusal(proxy, "Cookie: session=secret1", "Authorization: Bearer secret3");
        AccessEntry entry = proxy.nextLogged();

        assertThat(entry.toString()).doesNotContain("secret1", "secret2", "secret3");
        assertThat(entry.detail()).isEqualTo("The authorization service refused the request.");
    }

    static AuthorizationService.Script holding(CountDownLatch held, String status) {
        return (asked, out) -> {
            try {
                held.await();
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
            return AuthorizationService.saying(AuthorizationService.response(status))
                    .answer(asked, out);
        };
    }
}
