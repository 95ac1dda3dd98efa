// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.jwt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wsroute.config.ClaimHeader;
import dev.wsroute.config.ClaimRule;
import dev.wsroute.config.JwtAlgorithm;
import dev.wsroute.config.JwtProvider;
import dev.wsroute.config.JwtRules;
import dev.wsroute.config.KeySource;
import dev.wsroute.proxy.drain.Subject;
import dev.wsroute.proxy.testkit.RawPeer;
import dev.wsroute.proxy.testkit.TestProxy;
import java.security.KeyPair;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who connects with which token (RFC 7519), and what the others are told (RFC 6750 §3). */
class TokensOnTheWireTest extends TokenFixture {

    @ParameterizedTest
    @EnumSource(JwtAlgorithm.class)
    void aTokenOfEachAlgorithmOpensAWebSocket(JwtAlgorithm algorithm) throws Exception {
        KeyPair issuers = Tokens.keys(algorithm);
        JwtProvider provider = new JwtProvider(
                "main", ISSUER, List.of("chat"), List.of(algorithm), Duration.ZERO, true, List.of(KEYS));
        TestProxy proxy = proxy(new JwtRules(List.of(provider), List.of(), List.of(), List.of(), true, null));
        keySet(Tokens.pem(issuers));
        String token = Tokens.sign(algorithm, issuers.getPrivate(), CLAIMS + "}");

        assertThat(opened(proxy, bearer(token))).contains(bearer(token));
        assertThat(proxy.nextOpened().subject()).isEqualTo(new Subject(ISSUER, "ada"));
        refused(proxy, bearer(token.substring(0, token.length() - 8) + "AAAAAAAA"));
        assertThat(metrics.events()).contains("refused token_invalid 401 'apps/echo'");
    }

    @Test
    void whoHasNoTokenIsToldSoWithoutAnErrorCode() throws Exception {
        TestProxy proxy = proxy(rules());

        assertThat(refused(proxy))
                .startsWith("HTTP/1.1 401 ")
                .contains("WWW-Authenticate: Bearer realm=\"wsroute\"\r\n");
        assertThat(proxy.nextLogged().detail()).isEqualTo("The request has no token.");
        assertThat(refused(proxy, "Authorization: Basic YTpi")).contains("Bearer realm=\"wsroute\"\r\n");
        assertThat(refused(proxy, "Authorization: Bearer ")).contains("Bearer realm=\"wsroute\"\r\n");
        assertThat(metrics.events()).contains("refused token_missing 401 'apps/echo'");
    }

    @Test
    void whoHasABadTokenIsToldNothingAboutIt() throws Exception {
        TestProxy proxy = proxy(rules());

        RawPeer client = open(proxy.connect()).send(TestProxy.handshake(bearer("a.b.c")));

        assertThat(client.readHead())
                .startsWith("HTTP/1.1 401 ")
                .contains("WWW-Authenticate: Bearer realm=\"wsroute\", error=\"invalid_token\","
                        + " error_description=\"The access token is invalid\"\r\n");
        assertThat(client.readToEnd()).isEqualTo("The access token is invalid.\n");
        assertThat(proxy.nextLogged().detail()).doesNotContain("a.b.c");
    }

    @Test
    void theSchemeIsCaseInsensitive() throws Exception {
        TestProxy proxy = proxy(rules());

        opened(proxy, "authorization: bEARER  " + token());
        assertThat(refused(proxy, "Authorization: Token " + token())).startsWith("HTTP/1.1 401 ");
        assertThat(refused(proxy, "Authorization: " + token())).startsWith("HTTP/1.1 401 ");
    }

    @Test
    void twoTokensInOnePlaceAreRefused() throws Exception {
        assertThat(refused(proxy(rules()), bearer(token()), bearer(token()))).contains("invalid_token");
    }

    @Test
    void plainRequestsNeedATokenToo() throws Exception {
        TestProxy proxy = proxy(rules());
        RawPeer stranger = open(proxy.connect()).send("GET /chat HTTP/1.1\r\nHost: chat.example.com\r\n\r\n");
        assertThat(stranger.readHead()).startsWith("HTTP/1.1 401 ");

        RawPeer client = open(proxy.connect())
                .send("POST /chat HTTP/1.1\r\nHost: chat.example.com\r\nContent-Length: 2\r\n" + bearer(token())
                        + "\r\n\r\nhi");
        RawPeer backend = open(server.accept());
        assertThat(backend.readHead()).contains("Content-Length: 2");
        backend.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        assertThat(client.readHead()).startsWith("HTTP/1.1 200 ");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "contains; scope; 'chat';        ,\"scope\":\"openid chat\"",
                "contains; roles; 'admin';       ,\"roles\":[\"user\",\"admin\"]",
                "contains; ids; '7';             ,\"ids\":[6,7]",
                "equals; tenant; 'a';            ,\"tenant\":\"a\"",
                "equals; level; '3';             ,\"level\":3",
                "equals; verified; 'true';       ,\"verified\":true",
            })
    void aClaimThatTheRuleAsksForLetsPass(String how, String name, String value, String claim) throws Exception {
        boolean contains = how.equals("contains");
        TestProxy proxy = proxy(withClaims(new ClaimRule(name, contains ? null : value, contains ? value : null)));

        opened(proxy, bearer(token(claim)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ",\"scope\":\"chatter\"",
                ",\"scope\":\"CHAT\"",
                ",\"scope\":[[\"chat\"]]",
                ",\"scope\":{\"chat\":true}",
                ",\"scope\":null",
                ",\"Scope\":\"chat\"",
                ",\"scope\":\"open\\tchat\"",
                ",\"scope\":\"open,chat\""
            })
    void whoLacksAClaimIsRefusedWith403(String claim) throws Exception {
        TestProxy proxy = proxy(withClaims(new ClaimRule("scope", null, "chat")));

        assertThat(refused(proxy, bearer(token(claim))))
                .startsWith("HTTP/1.1 403 ")
                .contains("WWW-Authenticate: Bearer realm=\"wsroute\", error=\"insufficient_scope\"\r\n");
        assertThat(metrics.events()).contains("refused claim_missing 403 'apps/echo'");
        assertThat(proxy.nextLogged().detail()).isEqualTo("The token's claim scope is not what the rule asks for.");
    }

    @Test
    void claimsBecomeHeadersThatTheClientCannotSet() throws Exception {
        TestProxy proxy = proxy(withHeaders(
                new ClaimHeader("sub", "X-User"),
                new ClaimHeader("roles", "X-Roles"),
                new ClaimHeader("level", "X-Level"),
                new ClaimHeader("absent", "X-Absent")));

        String request = opened(
                proxy,
                bearer(token(",\"roles\":[\"user\",\"admin\"],\"level\":3")),
                "X-User: root",
                "X_User: root",
                "x.user: root",
                "X-Absent: root",
                "X_Absent: root",
                "X-Other: kept");

        assertThat(request)
                .contains("X-User: ada\r\n", "X-Roles: user,admin\r\n", "X-Level: 3\r\n", "X-Other: kept\r\n")
                .doesNotContainIgnoringCase("root");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "9223372036854775807   | 9223372036854775807",
                "-7                    | -7",
                "12345678.5            | 12345678.5",
                "true                  | true",
                "[7,0.25,false,\"a b\"] | 7,0.25,false,a b",
            })
    void numbersAreWrittenAsTheyAre(String claim, String header) throws Exception {
        TestProxy proxy = proxy(withHeaders(new ClaimHeader("id", "X-Id")));

        assertThat(opened(proxy, bearer(token(",\"id\":" + claim)))).contains("X-Id: " + header + "\r\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"a\\r\\nX-Admin: true\"",
                "\"a\\nb\"",
                "\"a\\u0000b\"",
                "\"\\u010d\\u010aX-Admin: true\"",
                "\"Zo\u00eb\"",
                "\" a\"",
                "\"\"",
                "{\"a\":1}",
                "[\"a,b\"]",
                "[\"a\",[\"b\"]]",
                "[\"a\",null]",
                "[]",
                "null",
                "12345678901234567890",
                "-1e20",
                "[7,9007199254740993.0]"
            })
    void aClaimThatIsNoHeaderValueIsLeftOut(String claim) throws Exception {
        TestProxy proxy = proxy(withHeaders(new ClaimHeader("name", "X-Name")));

        assertThat(opened(proxy, bearer(token(",\"name\":" + claim)), "X-Name: root"))
                .doesNotContainIgnoringCase("x-name")
                .doesNotContain("X-Admin");
    }

    @Test
    void theIssuerSelectsTheProvider() throws Exception {
        KeySource otherKeys = new KeySource(null, null, "other.json", null);
        JwtProvider other = new JwtProvider(
                "other",
                "https://other.example",
                List.of(),
                List.of(JwtAlgorithm.EdDSA),
                Duration.ZERO,
                false,
                List.of(otherKeys));
        TestProxy proxy = proxy(new JwtRules(List.of(provider(), other), List.of(), List.of(), List.of(), true, null));
        KeyPair others = Tokens.keys(JwtAlgorithm.EdDSA);
        offer(otherKeys, KeySource.DATA_KEY, Tokens.pem(others));

        opened(proxy, bearer(token()));
        opened(
                proxy,
                bearer(Tokens.sign(
                        JwtAlgorithm.EdDSA, others.getPrivate(), "{\"iss\":\"https://other.example\",\"sub\":\"b\"}")));
        // Each signs for itself only.
        assertThat(refused(proxy, bearer(Tokens.sign(JwtAlgorithm.EdDSA, others.getPrivate(), CLAIMS + "}"))))
                .startsWith("HTTP/1.1 401 ");
        assertThat(refused(
                        proxy,
                        bearer(Tokens.sign(
                                JwtAlgorithm.EdDSA, others.getPrivate(), "{\"iss\":\"https://x.example\"}"))))
                .startsWith("HTTP/1.1 401 ");
    }

    @Test
    void beforeAKeyIsKnownClientsAreAskedToComeBack() throws Exception {
        TestProxy proxy = proxyWithoutKeys(rules(), options -> options);

        assertThat(refused(proxy, bearer(token()))).startsWith("HTTP/1.1 503 ").contains("Retry-After: 5\r\n");
        assertThat(metrics.events()).contains("refused token_unverified 503 'apps/echo'");
        keySet(Tokens.pem(keys));
        opened(proxy, bearer(token()));
    }

    @Test
    void newKeysCountAtOnceAndFormerOnesNoMore() throws Exception {
        TestProxy proxy = proxy(rules());
        KeyPair next = Tokens.keys(JwtAlgorithm.ES256);
        String former = token();
        String newer = Tokens.sign(JwtAlgorithm.ES256, next.getPrivate(), CLAIMS + "}");
        opened(proxy, bearer(former));
        assertThat(refused(proxy, bearer(newer))).startsWith("HTTP/1.1 401 ");

        keySet(Tokens.pem(keys, next));
        opened(proxy, bearer(former));
        opened(proxy, bearer(newer));

        keySet(Tokens.pem(next));
        // Although it was verified before.
        assertThat(refused(proxy, bearer(former))).startsWith("HTTP/1.1 401 ");
        opened(proxy, bearer(newer));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{\"keys\":[]}", "broken", "{\"keys\":[{\"kty\":\"oct\",\"k\":\"AAAA\"}]}"})
    void aBrokenKeySetReplacesNoGoodOne(String broken) throws Exception {
        TestProxy proxy = proxy(rules());

        keySet(broken);
        opened(proxy, bearer(token()));
        sinks.get(KEYS).unavailable("The file jwks.json does not exist");
        opened(proxy, bearer(token(",\"n\":2")));
    }

    @Test
    void aRevokedTokenOpensNothing() throws Exception {
        JwtRules rules = new JwtRules(List.of(provider()), List.of(), List.of(), List.of(), true, REVOKED);
        TestProxy proxy = proxy(rules);
        String token = token();

        assertThat(refused(proxy, bearer(token))).startsWith("HTTP/1.1 503 ");
        revoked("");
        opened(proxy, bearer(token));
        revoked("# leaked\njti t1\n");
        assertThat(refused(proxy, bearer(token))).startsWith("HTTP/1.1 401 ").contains("invalid_token");
        revoked("jti t2\r\nsub ada\r\n");
        assertThat(refused(proxy, bearer(token))).startsWith("HTTP/1.1 401 ");
        revoked("sub ad\nsub Ada\njti T1\n");
        opened(proxy, bearer(token));
        // A broken list does not give back what is revoked.
        revoked("jti t1");
        revoked("t1");
        assertThat(refused(proxy, bearer(token))).startsWith("HTTP/1.1 401 ");
    }

    private void revoked(String list) {
        offer(REVOKED, "deny.list", list);
    }

    @Test
    void theConnectionThatWaitsForASignatureKeepsItsFirstFrames() throws Exception {
        TestProxy proxy = proxy(rules());
        byte[] frame = {(byte) 0x81, (byte) 0x81, 0, 0, 0, 0, 'x'};
        RawPeer client =
                open(proxy.connect()).send(TestProxy.handshake(bearer(token()))).send(frame);
        RawPeer backend = open(server.accept());
        backend.readHead();
        backend.send(TestProxy.switching());

        assertThat(backend.read(frame.length)).isEqualTo(frame);
        assertThat(client.readHead()).startsWith("HTTP/1.1 101 ");
    }
}
