// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.authz;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wsroute.config.AccessConfig;
import dev.wsroute.proxy.accesslog.AccessEntry;
import dev.wsroute.proxy.drain.Subject;
import dev.wsroute.proxy.testkit.AuthorizationService;
import dev.wsroute.proxy.testkit.AuthorizationService.Asked;
import dev.wsroute.proxy.testkit.RawPeer;
import dev.wsroute.proxy.testkit.TestProxy;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the decision of the service means for the client and the backend. */
class ExternalAuthorizationTest extends ExternalFixture {

    @Test
    void theServiceDecidesAndTheHandshakeGoesOn() throws Exception {
        AuthorizationService service = service("200 OK");
        TestProxy proxy = proxy(service);

        assertThat(passed(proxy).response()).startsWith("HTTP/1.1 101 ");

        assertThat(service.asked()).hasSize(1);
        assertThat(metrics.events()).contains("authorization allowed service");
    }

    @ParameterizedTest
    @ValueSource(strings = {"401 Unauthorized", "403 Forbidden"})
    void aRefusalGoesToTheClient(String status) throws Exception {
        TestProxy proxy = proxy(service(
                status,
                "WWW-Authenticate: Bearer realm=\"chat\"",
                "WWW-Authenticate: Basic realm=\"chat\"",
                "Location: https://login.example.com/?rd=x",
                "Set-Cookie: " + SESSION + "; Path=/",
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
                        "Set-Cookie: " + SESSION + "; Path=/\r\n",
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
        TestProxy proxy = proxy(service(status, "Set-Cookie: " + SESSION, "Location: /x"));

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
    @ValueSource(
            strings = {"400 Bad Request", "404 Not Found", "431 Request Header Fields Too Large", "508 Loop Detected"})
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

    /** Its buffer for CGI variables has 4,096 bytes by default. */
    @Test
    void aRequestThatUwsgiDropsNeverLetsPass() throws Exception {
        int otherVariables = 400;
        AtomicInteger dropped = new AtomicInteger();
        AuthorizationService service = open(AuthorizationService.start((asked, out) -> {
            int bytes = otherVariables + asked.requestLine().length();
            for (String line : asked.headers()) {
                bytes += line.length() + "HTTP_".length();
            }
            if (bytes > 4096) {
                dropped.incrementAndGet();
                return false;
            }
            return AuthorizationService.saying(AuthorizationService.response("403 Forbidden"))
                    .answer(asked, out);
        }));
        TestProxy proxy = proxy(service, Terms.DEFAULT.openOnFailure());

        for (int length = 700; length < 2500; length += 50) {
            String request = TestProxy.handshake().replace("/chat?x=1", "/chat?x=" + "x".repeat(length));
            assertThat(open(proxy.connect()).send(request).readHead()).containsPattern("^HTTP/1.1 (403|503) ");
        }

        assertThat(dropped.get()).isGreaterThan(Breaker.FAILURES);
        // Nor does what opens a breaker let others pass.
        assertThat(refusal(proxy)).startsWith("HTTP/1.1 403 ");
        assertThat(metrics.events()).noneMatch(event -> event.contains("failed_open"));
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
        AuthorizationService service = service("200 OK", "Authorization: " + BEARER);
        TestProxy proxy = proxy(service, Terms.DEFAULT.toBackend("Authorization"));

        Passed passed = passed(proxy, "Authorization: Bearer outer");

        assertThat(service.asked().get(0).header("Authorization")).isEqualTo("Bearer outer");
        assertThat(passed.request()).containsOnlyOnce("Authorization:").contains("Authorization: " + BEARER + "\r\n");
    }

    @Test
    void twoAuthorizationsAreRefusedSinceTheServiceAndTheBackendMayDisagreeWhichCounts() throws Exception {
        AuthorizationService service = service("200 OK");

        assertThat(refusal(proxy(service), "Authorization: Bearer good", "authorization: Bearer forged"))
                .startsWith("HTTP/1.1 400 ");
        assertThat(service.asked()).isEmpty();
        assertThat(backend.poll()).isNull();
        assertThat(metrics.events()).contains("refused malformed 400 'apps/echo'");
        passed(proxy(service, Terms.DEFAULT.toBackend("Authorization")), "Authorization: Bearer good");
    }

    @Test
    void aPageCanReadWhyTheServiceRefused() throws Exception {
        AuthorizationService service = service("401 Unauthorized", "WWW-Authenticate: Bearer");
        TestProxy proxy = open(TestProxy.options()
                .to(backend.address())
                .rule(rule -> rule.access(AccessConfig.ofOrigins(List.of("https://app.example.com"))
                        .withExternal(Terms.DEFAULT.of(service.address()))))
                .start());

        assertThat(open(proxy.connect())
                        .send("GET / HTTP/1.1\r\nHost: a\r\nOrigin: https://app.example.com\r\n\r\n")
                        .readHead())
                .startsWith("HTTP/1.1 401 ")
                .contains(
                        "WWW-Authenticate: Bearer\r\n",
                        "Access-Control-Allow-Origin: https://app.example.com\r\n",
                        "Vary: Origin\r\n");
    }

    @Test
    void aCredentialOfTheQueryIsNotShownToTheService() throws Exception {
        AuthorizationService service = service("200 OK");
        TestProxy proxy = open(TestProxy.options()
                .to(backend.address())
                .rule(rule -> rule.access(AccessConfig.ofService(Terms.DEFAULT.of(service.address()))))
                .steps((route, rule) -> (request, grant, loop, next) -> {
                    grant.removeParameter("key");
                    grant.removeHeader("X-Key");
                    next.accept(null);
                })
                .start());

        RawPeer client = open(proxy.connect())
                .send(TestProxy.handshake("X-Key: secret", "X_Key: secret").replace("?x=1", "?key=secret&x=1"));
        open(backend.accept()).readHead();

        Asked asked = service.asked().get(0);
        assertThat(asked.header("X-Original-URI")).isEqualTo("/chat?x=1");
        assertThat(asked.headers()).noneMatch(line -> line.contains("secret"));
        client.close();
    }

    @Test
    void aRenewedSessionReachesTheClient() throws Exception {
        TestProxy proxy =
                proxy(service("202 Accepted", "Set-Cookie: " + SESSION + "; Path=/", "Set-Cookie: t=3; Path=/"));

        assertThat(passed(proxy).response())
                .startsWith("HTTP/1.1 101 ")
                .contains(
                        "Set-Cookie: " + SESSION + "; Path=/\r\n",
                        "Set-Cookie: t=3; Path=/\r\n",
                        "Set-Cookie: backend=1\r\n");
    }

    @Test
    void anUploadIsRefusedBeforeItsBodyComes() throws Exception {
        AuthorizationService service = service("403 Forbidden");
        TestProxy proxy = proxy(service);

        String head = open(proxy.connect())
                .send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100000000\r\n\r\n")
                .readHead();

        assertThat(head).startsWith("HTTP/1.1 403 ");
        assertThat(backend.poll()).isNull();
    }

    @Test
    void noCredentialIsLogged() throws Exception {
        TestProxy proxy = proxy(service("401 Unauthorized", "Set-Cookie: fresh=secret2"));

        refusal(proxy, "Cookie: session=secret1", "Authorization: Bearer secret3");
        AccessEntry entry = proxy.nextLogged();

        assertThat(entry.toString()).doesNotContain("secret1", "secret2", "secret3");
        assertThat(entry.detail()).isEqualTo("The authorization service refused the request.");
    }
}
