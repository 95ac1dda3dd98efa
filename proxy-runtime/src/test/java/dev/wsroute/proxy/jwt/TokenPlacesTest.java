// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.jwt;

import static dev.wsroute.config.TokenSource.Type.Cookie;
import static dev.wsroute.config.TokenSource.Type.Header;
import static dev.wsroute.config.TokenSource.Type.QueryParam;
import static dev.wsroute.config.TokenSource.Type.Subprotocol;
import static org.assertj.core.api.Assertions.assertThat;

import dev.wsroute.config.AccessConfig;
import dev.wsroute.config.JwtRules;
import dev.wsroute.proxy.testkit.AuthorizationService;
import dev.wsroute.proxy.testkit.AuthorizationService.Asked;
import dev.wsroute.proxy.testkit.RawPeer;
import dev.wsroute.proxy.testkit.TestProxy;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Where tokens are found, and who gets to see them. */
class TokenPlacesTest extends TokenFixture {

    @Test
    void aHeaderOfAnotherNameHoldsTheTokenItself() throws Exception {
        TestProxy proxy = proxy(rules(source(Header, "X-Token")));

        opened(proxy, "X-Token: " + token());
        opened(proxy, "x-token: bearer " + token());
        assertThat(refused(proxy, bearer(token()))).startsWith("HTTP/1.1 401 ");
    }

    @Test
    void aCookieHoldsTheToken() throws Exception {
        TestProxy proxy = proxy(rules(source(Cookie, "session")));

        assertThat(opened(proxy, "Cookie: a=b; session=" + token() + "; c=d")).contains("session=eyJ");
        assertThat(refused(proxy, "Cookie: a=b; other=" + token())).startsWith("HTTP/1.1 401 ");
    }

    @Test
    void aTokenInTheQueryDoesNotReachAnAuthorizationServiceEither() throws Exception {
        AuthorizationService service = open(AuthorizationService.answering(AuthorizationService.response("200 OK")));
        JwtRules rules = rules(source(QueryParam, null), source(QueryParam, "t"));
        TestProxy proxy = proxyWithoutKeys(
                rules,
                options -> options.rule(
                        rule -> rule.access(AccessConfig.ofTokens(rules).withExternal(service.config()))));
        keySet(Tokens.pem(keys));
        String token = token();

        openedAt(proxy, "/chat?a=1&access_token=" + token + "&t=other&b=2");

        Asked asked = service.asked().get(0);
        assertThat(asked.header("X-Original-URI")).isEqualTo("/chat?a=1&b=2");
        assertThat(asked.header("X-Forwarded-Uri")).isEqualTo("/chat?a=1&b=2");
        assertThat(asked.header("X-Original-URL")).endsWith("://chat.example.com/chat?a=1&b=2");
        assertThat(asked.toString()).doesNotContain(token, "other");
    }

    @Test
    void theFirstPlaceThatHasATokenCounts() throws Exception {
        TestProxy proxy = proxy(rules(source(Cookie, "session"), source(Header, null), source(QueryParam, null)));

        opened(proxy, "Cookie: session=" + token(), bearer("broken"));
        opened(proxy, "Cookie: a=b", bearer(token()));
        openedAt(proxy, "/?access_token=" + token());
        assertThat(refused(proxy, "Cookie: session=broken", bearer(token()))).startsWith("HTTP/1.1 401 ");
    }

    @Test
    void aForwardedTokenIsTheOneThatWasVerifiedAndNoOtherReachesTheBackend() throws Exception {
        TestProxy proxy = proxy(rules(source(Header, "X-Token"), source(Header, null), source(Cookie, "session")));
        String token = token();

        String request =
                opened(proxy, "X-Token: " + token, "X_Token: forged", bearer("forged"), "Cookie: a=b; session=forged");
        assertThat(request).contains("X-Token: " + token, "a=b").doesNotContain("forged");
        assertThat(opened(proxy, bearer(token), "Cookie: session=forged"))
                .contains("Authorization: Bearer " + token)
                .doesNotContain("forged");
    }

    @Test
    void twoCookiesOfTheNameAreRefusedSinceBackendsDisagreeWhichCounts() throws Exception {
        TestProxy proxy = proxy(rules(source(Cookie, "session")));

        assertThat(refused(proxy, "Cookie: session=" + token() + "; session=forged"))
                .startsWith("HTTP/1.1 401 ");
        assertThat(refused(proxy, "Cookie: session=" + token(), "Cookie: session=forged"))
                .startsWith("HTTP/1.1 401 ");
        assertThat(refused(proxy, "Cookie: session =" + token() + "; session=forged"))
                .startsWith("HTTP/1.1 401 ");
        assertThat(refused(proxy, "Cookie: session=" + token() + "; session\t= forged"))
                .startsWith("HTTP/1.1 401 ");
    }

    /** Python's http.cookies ends a cookie at a blank, others at a comma, and takes the last one. */
    @ParameterizedTest
    @ValueSource(strings = {"a=b session=forged", "a=b\tsession =forged", "a=b, session=forged", "a=b,session=forged"})
    void aCookieInsideOfAnotherOneCounts(String other) throws Exception {
        TestProxy forwarding = proxy(rules(source(Cookie, "session"), source(Header, null)));

        assertThat(refused(forwarding, "Cookie: session=" + token() + "; " + other))
                .startsWith("HTTP/1.1 401 ");
        assertThat(opened(forwarding, bearer(token()), "Cookie: c=d; " + other))
                .contains("Cookie: c=d\r\n")
                .doesNotContain("forged");
    }

    @Test
    void aValueThatOnlyContainsTheNameIsNoCookie() throws Exception {
        TestProxy proxy = proxy(rules(source(Cookie, "session")));

        String cookies = "a=b session; c=my-session=1; d=e session2=f; session=" + token();
        assertThat(opened(proxy, "Cookie: " + cookies)).contains("Cookie: " + cookies + "\r\n");
    }

    @Test
    void ofTwoAuthorizationsTheBackendGetsTheOneThatWasVerified() throws Exception {
        TestProxy proxy = proxy(rules());
        String token = token();

        for (List<String> order : List.of(
                List.of("Authorization: Basic YTpi", bearer(token)),
                List.of(bearer(token), "Authorization: Basic YTpi"))) {
            assertThat(opened(proxy, order.toArray(String[]::new)))
                    .contains("Authorization: Bearer " + token + "\r\n")
                    .doesNotContain("YTpi");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"Bearer\tforged", "bearer\t forged", "Bearer  forged", "Bearer\u00a0forged"})
    void aTokenBehindOtherWhiteSpaceIsNeitherAnotherSchemeNorForwardedUnverified(String authorization)
            throws Exception {
        TestProxy proxy = proxy(rules(source(Cookie, "session"), source(Header, null)));

        assertThat(opened(proxy, "Cookie: session=" + token(), "Authorization: " + authorization))
                .doesNotContain("forged");
        assertThat(refused(proxy, "Authorization: " + authorization)).contains("error=\"invalid_token\"");
    }

    @Test
    void withForwardFalseTheBackendSeesNoToken() throws Exception {
        TestProxy proxy = proxy(hiding(source(Header, null), source(Cookie, "session"), source(Header, "X-Token")));

        String request = opened(
                proxy,
                bearer(token()),
                "Cookie: a=b; session=" + token() + "; c=d",
                "X-Token: " + token(),
                "X_Token: " + token());

        assertThat(request).doesNotContain("eyJ").contains("a=b", "c=d");
        // Not the token's, but of the backend's own scheme.
        assertThat(opened(proxy, "Authorization: Basic YTpi", "Cookie: session=" + token()))
                .contains("Authorization: Basic YTpi\r\n")
                .doesNotContain("eyJ");
    }

    @ParameterizedTest
    @CsvSource({
        "/chat?access_token=T,                        /chat",
        "/chat?x=1&access_token=T&y=2,                /chat?x=1&y=2",
        "/chat?access_token=T&access_token=T&y=2,     /chat?y=2",
        "/chat?%61ccess_%74oken=T&y=2,                /chat?y=2",
        "/chat?access_token=T&%61ccess_token=T,       /chat",
        "/chat?y=2&access_token=T&access_token,       /chat?y=2",
        "/chat?x=access_token&access_token=T,         /chat?x=access_token",
        "/chat?x=1;access_token=U&access_token=T&y=2, /chat?x=1&y=2",
        "/chat?access_token=T&x=1;y=2,                /chat?x=1;y=2",
    })
    void aTokenInTheQueryIsCutOutOfTheTargetAndOfTheLog(String target, String left) throws Exception {
        TestProxy proxy = proxy(rules(source(QueryParam, null)));
        String token = token();

        assertThat(openedAt(proxy, target.replace("=T", "=" + token))).startsWith("GET " + left + " HTTP/1.1\r\n");
        assertThat(proxy.nextOpened().target()).isEqualTo(left);
        assertThat(refusedAt(proxy, target.replace("=T", "=" + token + "x"))).startsWith("HTTP/1.1 401 ");
        assertThat(proxy.nextLogged().target()).isEqualTo(left);
    }

    @Test
    void aRequestThatMatchesNoRuleIsLoggedWithoutTheTokensOfAnyRule() throws Exception {
        TestProxy proxy = proxy(rules(source(QueryParam, null)));

        RawPeer client = open(proxy.connect())
                .send(handshake("/chat?y=2&access_token=secret").replace("chat.example.com", "nowhere.example"));

        assertThat(client.readHead()).startsWith("HTTP/1.1 404 ");
        assertThat(proxy.nextLogged().target()).isEqualTo("/chat?y=2");
    }

    @Test
    void aTokenInTheQueryIsHiddenEvenIfAnotherOneWasUsed() throws Exception {
        TestProxy proxy = proxy(rules(source(Header, null), source(QueryParam, null), source(Subprotocol, null)));

        String request = openedAt(
                proxy,
                "/chat?access_token=secret",
                bearer(token()),
                "Sec-WebSocket-Protocol: chat, bearer, secret, base64url.bearer.authorization.k8s.io.secret");

        assertThat(request).doesNotContain("secret").contains("Sec-WebSocket-Protocol: chat\r\n");
    }

    /**
     * @param offered by the client: T is the token, PT and PK the token as Kubernetes has it, as it is and in base64url
     * @param seen by the backend
     * @param selected by the backend
     * @param answered to the client
     */
    @ParameterizedTest
    @CsvSource({
        "'bearer, T',               '',            '',      bearer",
        "'bearer, T, chat',         chat,          '',      bearer",
        "'bearer, T, chat',         chat,          chat,    chat",
        "'chat, bearer, T',         chat,          '',      bearer",
        "'chat, v2.chat, PK',       'chat, v2.chat', '',    chat",
        "'PK, chat',                chat,          '',      chat",
        "'PK, chat, v2.chat',       'chat, v2.chat', v2.chat, v2.chat",
        "'PT, chat',                chat,          '',      chat",
        "'PK, bearer, T, chat',     chat,          '',      bearer",
        "'Bearer, T, chat',         chat,          '',      Bearer",
        "PK,                        '',            '',      ''",
    })
    void aTokenAmongTheSubprotocolsIsNeitherOfferedNorSelected(
            String offered, String seen, String selected, String answered) throws Exception {
        TestProxy proxy = proxy(rules(source(Subprotocol, null)));
        String token = token();
        String header = Stream.of(offered.split(", ", -1))
                .map(entry -> switch (entry) {
                    case "T" -> token;
                    case "PT" -> OfferedTokens.KUBERNETES + token;
                    case "PK" -> OfferedTokens.KUBERNETES + Tokens.encoded(token);
                    default -> entry;
                })
                .collect(Collectors.joining(", "));

        for (List<String> lines : List.of(List.of(header), List.of(header.split(", ", -1)))) {
            List<String> headers = new ArrayList<>();
            lines.forEach(line -> headers.add("Sec-WebSocket-Protocol: " + line));
            RawPeer client = open(proxy.connect()).send(TestProxy.handshake(headers.toArray(String[]::new)));
            RawPeer backend = open(server.accept());
            assertThat(protocols(backend.readHead())).isEqualTo(seen.isEmpty() ? null : seen);
            backend.send(
                    selected.isEmpty()
                            ? TestProxy.switching()
                            : TestProxy.switching("Sec-WebSocket-Protocol: " + selected));

            String response = client.readHead();
            assertThat(response).startsWith("HTTP/1.1 101 ").doesNotContain("eyJ");
            assertThat(protocols(response)).isEqualTo(answered.isEmpty() ? null : answered);
        }
    }

    private static @Nullable String protocols(String head) {
        return head.lines()
                .filter(line -> line.regionMatches(true, 0, "sec-websocket-protocol: ", 0, 24))
                .map(line -> line.substring(24))
                .findFirst()
                .orElse(null);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "chat",
                "bearer",
                "chat, bearer",
                "bearer, chat",
                "base64url.bearer.authorization.k8s.io.",
                "base64url.bearer.authorization.k8s.io.%%%",
                "base64url.bearer.authorization.k8s.io.chat"
            })
    void withoutATokenThatIsGoodAllAreRefused(String offered) throws Exception {
        TestProxy proxy = proxy(rules(source(Subprotocol, null)));

        assertThat(refused(proxy, "Sec-WebSocket-Protocol: " + offered))
                .startsWith("HTTP/1.1 401 ")
                .doesNotContainIgnoringCase("sec-websocket-protocol");
    }

    @Test
    void aListOverSeveralHeadersIsOneList() throws Exception {
        TestProxy proxy = proxy(rules(source(Subprotocol, null)));

        assertThat(opened(proxy, "Sec-WebSocket-Protocol: bearer", "Sec-WebSocket-Protocol: " + token() + ", chat"))
                .contains("Sec-WebSocket-Protocol: chat\r\n")
                .doesNotContain("eyJ");
    }

    @Test
    void aRequestThatIsNoHandshakeOffersNothingAndHidesTheTokenYet() throws Exception {
        TestProxy proxy = proxy(rules(source(Subprotocol, null), source(Cookie, "session")));
        String offer = "Sec-WebSocket-Protocol: bearer, forged, chat\r\n\r\n";

        assertThat(open(proxy.connect())
                        .send("GET / HTTP/1.1\r\nHost: a\r\n" + offer)
                        .readHead())
                .startsWith("HTTP/1.1 401 ");
        RawPeer client =
                open(proxy.connect()).send("GET / HTTP/1.1\r\nHost: a\r\nCookie: session=" + token() + "\r\n" + offer);
        RawPeer backend = open(server.accept());
        assertThat(backend.readHead()).contains("Cookie: session=").doesNotContain("forged");
        backend.send("HTTP/1.1 204 No Content\r\n\r\n");
        assertThat(client.readHead()).startsWith("HTTP/1.1 204 ").doesNotContain("Sec-WebSocket-Protocol");
    }

    @Test
    void aBackendThatSelectsATokenIsRefused() throws Exception {
        TestProxy proxy = proxy(rules(source(Subprotocol, null)));
        String token = token();
        RawPeer client = open(proxy.connect()).send(TestProxy.handshake("Sec-WebSocket-Protocol: bearer, " + token));
        open(server.accept()).send(TestProxy.switching("Sec-WebSocket-Protocol: " + token));

        assertThat(client.readHead()).startsWith("HTTP/1.1 502 ").doesNotContain(token);
    }
}
