// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wsroute.e2e.client.Closure;
import dev.wsroute.e2e.client.WebSocketConnection;
import dev.wsroute.e2e.identity.SigningKey;
import dev.wsroute.e2e.identity.Token;
import io.fabric8.kubernetes.api.model.Condition;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** WebSockets that outlive the right to them, at two proxies that read keys and revoked tokens from ConfigMaps (ADR 57). */
@Scenario
class TokenEndsIT {

    private static final String ACCESS = """
            access:
              jwt:
                providers:
                - name: login
                  issuer: %s
                  audiences: [%s]
                  algorithms: [ES256]
                  clockSkew: 1s
                  keyRefs: [{name: login-keys, key: jwks.json}]
                denyListRef: {name: revoked-tokens}
                onExpiry: Close
            """.formatted(Token.ISSUER, Token.AUDIENCE);

    private static final String APP = """
            name: app
            matches: [{path: {type: PathPrefix, value: /app}}]
            backendRefs: [{service: {name: chat, port: ws}}]
            """ + ACCESS + """
                closeCode: 4001
            """;

    private static final SigningKey KEY = SigningKey.named("main");
    private static final int SECONDS = 10;

    private static TwoProxies start(Space space) {
        space.configMap("login-keys", "jwks.json", SigningKey.set(KEY));
        revoke(space, "# nobody\n");
        TwoProxies proxies =
                TwoProxies.start(space, Spec.to("chat").rule(ACCESS).ruleBefore(APP));
        proxies.awaitStatus(Token.of("first").headers(KEY), 101);
        return proxies;
    }

    private static void revoke(Space space, String list) {
        space.configMap("revoked-tokens", "deny.list", list);
    }

    private static void assertClosed(List<WebSocketConnection> connections, int code, String reason) {
        assertThat(connections).isNotEmpty().allSatisfy(connection -> {
            Closure closure = connection.closed().orTimeout(1, TimeUnit.MINUTES).join();
            assertThat(closure.code()).isEqualTo(code);
            assertThat(closure.reason()).isEqualTo(reason);
        });
    }

    @Test
    void whoseTokenExpiresIsClosedWithTheCodeOfItsRule(Space space) {
        TwoProxies proxies = start(space);
        Token day = Token.of("alice");
        List<WebSocketConnection> staying = new ArrayList<>(proxies.open(day.headers(KEY)));
        staying.addAll(proxies.open("app", day.headers(KEY)));
        Instant end = Instant.ofEpochSecond(Instant.now().getEpochSecond() + SECONDS);
        Token brief = Token.of("alice").expiring(end);

        List<WebSocketConnection> plain = proxies.open(brief.headers(KEY));
        List<WebSocketConnection> app = proxies.open("app", brief.headers(KEY));

        assertClosed(plain, 1008, "token expired");
        // The skew is longer than the jitter, which is 5 %.
        assertThat(Instant.now()).isAfterOrEqualTo(end);
        assertClosed(app, 4001, "token expired");
        proxies.awaitStatus(brief.headers(KEY), 401);
        TwoProxies.assertAlive(staying);
    }

    @Test
    void whoIsAddedToTheListOfRevokedTokensIsClosedAndNobodyElse(Space space) {
        TwoProxies proxies = start(space);
        Token stolen = Token.of("alice");
        Token kept = Token.of("alice");
        Token dismissed = Token.of("bob");
        Token other = Token.of("carol");
        List<WebSocketConnection> staying = new ArrayList<>(proxies.open(kept.headers(KEY)));
        staying.addAll(proxies.open("app", other.headers(KEY)));
        List<WebSocketConnection> ofStolen = proxies.open(stolen.headers(KEY));
        List<WebSocketConnection> ofDismissed = proxies.open("app", dismissed.headers(KEY));

        revoke(space, "jti " + stolen.id() + "\n");
        assertClosed(ofStolen, 1008, "token revoked");
        proxies.assertStatus(stolen.headers(KEY), 401);
        TwoProxies.assertAlive(ofDismissed);
        revoke(space, "# left on Friday\nsub bob\njti " + stolen.id() + "\n");
        assertClosed(ofDismissed, 1008, "token revoked");
        proxies.assertStatus(Token.of("bob").headers(KEY), 401);

        revoke(space, stolen.id() + "\nsub carol\n");
        Condition refs = proxies.route().awaitCondition("ResolvedRefs", "False");
        assertThat(refs.getReason()).isEqualTo("InvalidKeyRef");
        assertThat(refs.getMessage()).contains("/revoked-tokens: deny.list line 1");
        proxies.assertStatus(stolen.headers(KEY), 401);
        proxies.assertStatus(other.headers(KEY), 101);

        revoke(space, "sub bob\n");
        proxies.awaitStatus(stolen.headers(KEY), 101);
        proxies.route().awaitCondition("ResolvedRefs", "True");
        TwoProxies.assertAlive(staying);
        proxies.assertSame();
    }
}
