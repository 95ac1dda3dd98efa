// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wsroute.config.AccessConfig;
import dev.wsroute.config.AccessConfig.Mode;
import dev.wsroute.config.HeaderModifier;
import dev.wsroute.config.NameValue;
import dev.wsroute.proxy.metrics.RefusalReason;
import dev.wsroute.proxy.routing.Denial;
import dev.wsroute.proxy.testkit.ProxyTest;
import dev.wsroute.proxy.testkit.RawBackend;
import dev.wsroute.proxy.testkit.RawPeer;
import dev.wsroute.proxy.testkit.TestProxy;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** CORS for requests without an upgrade, as the polling of Socket.IO needs it (Fetch Standard, "CORS protocol"). */
class CorsTest extends ProxyTest {

    private static final String ORIGIN = "Origin: https://app.example.com\r\n";
    private static final AccessConfig ACCESS = AccessConfig.ofOrigins(List.of("https://app.example.com"));

    private RawBackend server;

    @BeforeEach
    void start() throws Exception {
        server = open(RawBackend.start());
    }

    private TestProxy proxy(AccessConfig access) throws IOException {
        return open(TestProxy.options()
                .to(server.address())
                .rule(rule -> rule.access(access))
                .start());
    }

    private String response(TestProxy proxy, String request, String answer) throws IOException {
        RawPeer client = open(proxy.connect()).send(request);
        RawPeer backend = open(server.accept());
        backend.readHead();
        backend.send(answer);
        return client.readHead();
    }

    private static String get(String headers) {
        return "GET /socket.io/?EIO=4&transport=polling HTTP/1.1\r\nHost: a\r\n" + headers + "\r\n";
    }

    @Test
    void aPageOfAnAllowedOriginMayReadTheResponse() throws Exception {
        assertThat(response(proxy(ACCESS), get(ORIGIN), "HTTP/1.1 204 No Content\r\nVary: Accept\r\n\r\n"))
                .startsWith("HTTP/1.1 204 ")
                .contains(
                        "Access-Control-Allow-Origin: https://app.example.com\r\n",
                        "Access-Control-Allow-Credentials: true\r\n",
                        "Vary: Accept\r\n",
                        "Vary: Origin\r\n");
    }

    @Test
    void theBackendsOwnAnswerIsReplacedSinceTwoValuesAreAnError() throws Exception {
        String head = response(
                proxy(ACCESS),
                get(ORIGIN),
                "HTTP/1.1 204 No Content\r\nAccess-Control-Allow-Origin: *\r\nVary: origin\r\n"
                        + "Access-Control-Expose-Headers: X-Id\r\n\r\n");

        assertThat(head)
                .containsOnlyOnce("Access-Control-Allow-Origin:")
                .contains(
                        "Access-Control-Allow-Origin: https://app.example.com\r\n",
                        "Access-Control-Expose-Headers: X-Id")
                .containsOnlyOnce("Vary: ");
    }

    @Test
    void theChangesOfTheRuleCountMore() throws Exception {
        TestProxy proxy = open(TestProxy.options()
                .to(server.address())
                .rule(rule -> rule.access(ACCESS)
                        .responseHeaderModifier(new HeaderModifier(
                                List.of(new NameValue("Access-Control-Allow-Credentials", "false")),
                                List.of(),
                                List.of())))
                .start());

        assertThat(response(proxy, get(ORIGIN), "HTTP/1.1 204 No Content\r\n\r\n"))
                .contains("Access-Control-Allow-Credentials: false\r\n")
                .doesNotContain("Credentials: true");
    }

    @Test
    void aRequestWithoutAnOriginIsServedAndMarkedForCaches() throws Exception {
        assertThat(response(proxy(ACCESS), get(""), "HTTP/1.1 204 No Content\r\n\r\n"))
                .contains("Vary: Origin\r\n")
                .doesNotContain("Access-Control-");
    }

    @Test
    void anotherOriginIsRefusedAndItsPageMayNotReadWhy() throws Exception {
        RawPeer client = open(proxy(ACCESS).connect()).send(get("Origin: https://evil.example\r\n"));

        assertThat(client.readHead())
                .startsWith("HTTP/1.1 403 ")
                .contains("Vary: Origin\r\n")
                .doesNotContain("Access-Control-");
    }

    @Test
    void inModeReportAnotherOriginIsServedWithoutPermissionToRead() throws Exception {
        TestProxy proxy = proxy(new AccessConfig(Mode.Report, ACCESS.allowedOrigins(), false, null));

        assertThat(response(proxy, get("Origin: https://evil.example\r\n"), "HTTP/1.1 204 No Content\r\n\r\n"))
                .startsWith("HTTP/1.1 204 ")
                .doesNotContain("Access-Control-");
    }

    @Test
    void theProxysOwnAnswersCanBeReadToo() throws Exception {
        TestProxy proxy =
                open(TestProxy.options().rule(rule -> rule.access(ACCESS)).start());

        assertThat(open(proxy.connect()).send(get(ORIGIN)).readHead())
                .startsWith("HTTP/1.1 503 ")
                .contains("Access-Control-Allow-Origin: https://app.example.com\r\n");
    }

    @Test
    void theFailureOfABackendCanBeReadToo() throws Exception {
        TestProxy proxy = proxy(ACCESS);

        assertThat(response(proxy, get(ORIGIN), "garbage\r\n\r\n"))
                .startsWith("HTTP/1.1 502 ")
                .contains(
                        "Access-Control-Allow-Origin: https://app.example.com\r\n",
                        "Access-Control-Allow-Credentials: true\r\n",
                        "Vary: Origin\r\n");
    }

    @Test
    void aPageCanReadThatItNeedsCredentialsAndItsPreflightNeedsNone() throws Exception {
        Denial denial = new Denial(
                RefusalReason.TOKEN_MISSING, 401, "No.", "No.", List.of(new NameValue("WWW-Authenticate", "Bearer")));
        TestProxy proxy = open(TestProxy.options()
                .to(server.address())
                .rule(rule -> rule.access(ACCESS))
                .steps((route, rule) -> (request, grant, loop, next) -> next.accept(denial))
                .start());

        assertThat(open(proxy.connect()).send(get(ORIGIN)).readHead())
                .startsWith("HTTP/1.1 401 ")
                .contains(
                        "WWW-Authenticate: Bearer\r\n",
                        "Access-Control-Allow-Origin: https://app.example.com\r\n",
                        "Vary: Origin\r\n");
        assertThat(open(proxy.connect())
                        .send("OPTIONS / HTTP/1.1\r\nHost: a\r\n" + ORIGIN
                                + "Access-Control-Request-Method: GET\r\n\r\n")
                        .readHead())
                .startsWith("HTTP/1.1 204 ");
        assertThat(open(proxy.connect())
                        .send(get("Origin: https://evil.example\r\n"))
                        .readHead())
                .startsWith("HTTP/1.1 403 ");
    }

    @Test
    void aPreflightCannotMakeTheProxySayAnythingElse() throws Exception {
        RawPeer client = open(proxy(ACCESS).connect())
                .send("OPTIONS / HTTP/1.1\r\nHost: a\r\n" + ORIGIN
                        + "Access-Control-Request-Method: GET\"; x\r\n"
                        + "Access-Control-Request-Headers: a<script>\r\n\r\n");

        assertThat(client.readHead())
                .startsWith("HTTP/1.1 204 ")
                .doesNotContain("Access-Control-Allow-Methods", "Access-Control-Allow-Headers");
    }

    @Test
    void aPreflightIsAnsweredWithoutTheBackend() throws Exception {
        RawPeer client = open(proxy(ACCESS).connect())
                .send("OPTIONS /socket.io/ HTTP/1.1\r\nHost: a\r\n" + ORIGIN
                        + "Access-Control-Request-Method: POST\r\n"
                        + "Access-Control-Request-Headers: content-type, x-token\r\n\r\n");

        String head = client.readHead();
        assertThat(head)
                .startsWith("HTTP/1.1 204 ")
                .contains(
                        "Access-Control-Allow-Origin: https://app.example.com\r\n",
                        "Access-Control-Allow-Credentials: true\r\n",
                        "Access-Control-Allow-Methods: POST\r\n",
                        "Access-Control-Allow-Headers: content-type, x-token\r\n",
                        "Access-Control-Max-Age: 600\r\n",
                        "Vary: Access-Control-Request-Method, Access-Control-Request-Headers\r\n",
                        "Vary: Origin\r\n")
                .doesNotContainIgnoringCase("content-length", "content-type:");

        // The connection goes on.
        client.send(get(ORIGIN));
        RawPeer backend = open(server.accept());
        backend.readHead();
        backend.send("HTTP/1.1 204 No Content\r\n\r\n");
        assertThat(client.readHead()).startsWith("HTTP/1.1 204 ");
    }

    @Test
    void thePreflightOfAnotherOriginIsRefused() throws Exception {
        RawPeer client = open(proxy(ACCESS).connect())
                .send("OPTIONS / HTTP/1.1\r\nHost: a\r\nOrigin: https://evil.example\r\n"
                        + "Access-Control-Request-Method: POST\r\n\r\n");

        assertThat(client.readHead()).startsWith("HTTP/1.1 403 ").doesNotContain("Access-Control-");
    }

    @Test
    void otherOptionsRequestsReachTheBackend() throws Exception {
        String options = "OPTIONS / HTTP/1.1\r\nHost: a\r\n" + ORIGIN + "\r\n";

        assertThat(response(proxy(ACCESS), options, "HTTP/1.1 204 No Content\r\nAllow: GET\r\n\r\n"))
                .contains("Allow: GET\r\n", "Access-Control-Allow-Origin: https://app.example.com\r\n");
    }

    @Test
    void withoutAListNothingIsAddedAndPreflightsReachTheBackend() throws Exception {
        AccessConfig required = new AccessConfig(Mode.Enforce, List.of(), true, null);
        String preflight = "OPTIONS / HTTP/1.1\r\nHost: a\r\n" + ORIGIN + "Access-Control-Request-Method: POST\r\n\r\n";

        assertThat(response(proxy(required), preflight, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"))
                .startsWith("HTTP/1.1 200 ")
                .doesNotContain("Access-Control-", "Vary");
    }
}
