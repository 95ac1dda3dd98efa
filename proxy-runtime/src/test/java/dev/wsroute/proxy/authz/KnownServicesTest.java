// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.authz;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wsroute.proxy.drain.Subject;
import dev.wsroute.proxy.testkit.AuthorizationService;
import dev.wsroute.proxy.testkit.AuthorizationService.Asked;
import dev.wsroute.proxy.testkit.AuthorizationService.Script;
import dev.wsroute.proxy.testkit.RawPeer;
import dev.wsroute.proxy.testkit.TestProxy;
import dev.wsroute.testkit.Secrets;
import java.io.IOException;
import java.net.URI;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * Stand-ins that behave as the documents of these services say: oauth2-proxy's integration with nginx's auth_request and with
 * Traefik's ForwardAuth, and Authelia's implementations AuthRequest and ForwardAuth ("Proxy Authorization").
 */
class KnownServicesTest extends ExternalFixture {

    private static final String SESSION = "_oauth2_proxy=" + Secrets.of("cookie of oauth2-proxy");
    private static final String PORTAL = "authelia_session=" + Secrets.of("cookie of Authelia");

    /** {@code /oauth2/auth}: 202 or 401; with --set-xauthrequest, who it is; with --cookie-refresh, sometimes a renewed cookie. */
    private static final Script OAUTH2_PROXY = (asked, out) -> {
        boolean known = asked.header("Cookie").contains(SESSION);
        require(asked, "Host", "X-Real-IP", "X-Forwarded-Uri", "X-Forwarded-Proto", "X-Forwarded-Host");
        return AuthorizationService.saying(
                        known
                                ? AuthorizationService.response(
                                        "202 Accepted",
                                        "Gap-Auth: anna@example.com",
                                        "Set-Cookie: " + SESSION + "2; Path=/; HttpOnly; Secure",
                                        "X-Auth-Request-User: anna",
                                        "X-Auth-Request-Email: anna@example.com")
                                : "HTTP/1.1 401 Unauthorized\r\nContent-Type: text/plain; charset=utf-8\r\n"
                                        + "Content-Length: 13\r\n\r\nUnauthorized\n")
                .answer(asked, out);
    };

    /** {@code /api/authz/auth-request}: X-Original-Method and -URL are required; 401 with the portal's URL. */
    private static final Script AUTHELIA_AUTH_REQUEST = (asked, out) -> {
        require(asked, "X-Original-Method", "X-Original-URL");
        URI target = URI.create(asked.header("X-Original-URL"));
        if (!Set.of("https", "http").contains(target.getScheme()) || target.getHost() == null) {
            throw new AssertionError(target);
        }
        return authelia("401 Unauthorized", target, asked).answer(asked, out);
    };

    /** {@code /api/authz/forward-auth}: X-Forwarded-*; browsers are redirected, 401 for everybody else. */
    private static final Script AUTHELIA_FORWARD_AUTH = (asked, out) -> {
        require(asked, "X-Forwarded-Method", "X-Forwarded-Proto", "X-Forwarded-Host", "X-Forwarded-Uri");
        URI target = URI.create(asked.header("X-Forwarded-Proto") + "://" + asked.header("X-Forwarded-Host")
                + asked.header("X-Forwarded-Uri"));
        String status = asked.header("Accept").contains("text/html") ? "302 Found" : "401 Unauthorized";
        return authelia(status, target, asked).answer(asked, out);
    };

    private static Script authelia(String refusal, URI target, Asked asked) {
        if (asked.header("Cookie").contains(PORTAL)) {
            return AuthorizationService.saying(AuthorizationService.response(
                    "200 OK", "Remote-User: anna", "Remote-Groups: admins,dev", "Remote-Email: anna@example.com"));
        }
        return AuthorizationService.saying(AuthorizationService.response(
                refusal, "Location: https://auth.example.com/?rd=" + target.getHost() + target.getPath() + "&rm=GET"));
    }

    private static void require(Asked asked, String... headers) {
        for (String header : headers) {
            if (asked.header(header).isEmpty()) {
                throw new AssertionError(header + " is missing: " + asked);
            }
        }
    }

    private TestProxy proxy(Script script, String... toBackend) throws IOException {
        return proxy(
                open(AuthorizationService.start(script)),
                Terms.DEFAULT.toBackend(toBackend).subject(toBackend[0]));
    }

    @Test
    void oauth2ProxyLetsPassWhoHasASession() throws Exception {
        TestProxy proxy = proxy(OAUTH2_PROXY, "X-Auth-Request-User", "X-Auth-Request-Email");

        Passed passed = passed(proxy, "Cookie: " + SESSION, "X-Auth-Request-User: admin");

        assertThat(passed.request())
                .contains("X-Auth-Request-User: anna\r\n", "X-Auth-Request-Email: anna@example.com\r\n")
                .doesNotContain("admin", "Gap-Auth");
        assertThat(passed.response()).contains("Set-Cookie: " + SESSION + "2; Path=/; HttpOnly; Secure\r\n");
        assertThat(proxy.nextOpened().subject()).isEqualTo(new Subject("external", "anna"));
    }

    @Test
    void oauth2ProxyRefusesStrangers() throws Exception {
        TestProxy proxy = proxy(OAUTH2_PROXY, "X-Auth-Request-User");

        assertThat(refusal(proxy)).startsWith("HTTP/1.1 401 ");
        // The connection carries on.
        assertThat(passed(proxy, "Cookie: " + SESSION).response()).startsWith("HTTP/1.1 101 ");
    }

    @Test
    void autheliaIsAskedAsByNginx() throws Exception {
        TestProxy proxy = proxy(AUTHELIA_AUTH_REQUEST, "Remote-User", "Remote-Groups");

        assertThat(refusal(proxy, "Remote-User: admin"))
                .startsWith("HTTP/1.1 401 ")
                .contains("Location: https://auth.example.com/?rd=chat.example.com/chat&rm=GET\r\n");
        assertThat(passed(proxy, "Cookie: " + PORTAL, "Remote-User: admin").request())
                .contains("Remote-User: anna\r\n", "Remote-Groups: admins,dev\r\n")
                .doesNotContain("admin\r\n");
    }

    @Test
    void autheliaIsAskedAsByTraefik() throws Exception {
        TestProxy proxy = proxy(AUTHELIA_FORWARD_AUTH, "Remote-User");

        assertThat(refusal(proxy)).startsWith("HTTP/1.1 401 ").contains("Location: https://auth.example.com/");
        assertThat(passed(proxy, "Cookie: " + PORTAL).request()).contains("Remote-User: anna\r\n");
    }

    @Test
    void aPageThatAutheliaWouldRedirectIsUnauthorized() throws Exception {
        TestProxy proxy = proxy(AUTHELIA_FORWARD_AUTH, "Remote-User");

        String head = open(proxy.connect())
                .send("GET /index.html HTTP/1.1\r\nHost: chat.example.com\r\nAccept: text/html\r\n\r\n")
                .readHead();

        assertThat(head).startsWith("HTTP/1.1 401 ").contains("Location: https://auth.example.com/");
    }

    @Test
    void plainRequestsAreDecidedTheSameWay() throws Exception {
        TestProxy proxy = proxy(OAUTH2_PROXY, "X-Auth-Request-User");
        RawPeer client = open(proxy.connect());

        client.send("GET /poll HTTP/1.1\r\nHost: chat.example.com\r\n\r\n");
        assertThat(client.readHead()).startsWith("HTTP/1.1 401 ");
        client.readText("This request is not authorized.\n".length());
        client.send("GET /poll HTTP/1.1\r\nHost: chat.example.com\r\nCookie: " + SESSION + "\r\n\r\n");
        RawPeer behind = open(backend.accept());
        assertThat(behind.readHead()).contains("X-Auth-Request-User: anna\r\n");
        behind.send("HTTP/1.1 204 No Content\r\n\r\n");

        assertThat(client.readHead()).startsWith("HTTP/1.1 204 ");
    }
}
