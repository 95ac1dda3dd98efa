// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.wsroute.e2e.client.UpgradeRefusedException;
import dev.wsroute.e2e.client.WebSocketConnection;
import dev.wsroute.e2e.identity.KeyServer;
import dev.wsroute.e2e.identity.SigningKey;
import dev.wsroute.e2e.identity.Token;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.Pod;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tokens of an identity provider whose keys the operator fetches for two proxies (ADR 53, ADR 54). */
@Scenario
class IdentityProviderIT {

    private static final String ACCESS = """
            access:
              jwt:
                providers:
                - name: login
                  issuer: %s
                  audiences: [%s]
                  algorithms: [ES256]
                  jwks: {uri: '%s', caCertificateRefs: [{kind: ConfigMap, name: login-ca}]}
                claims: [{name: scope, contains: chat}]
                claimsToHeaders: [{claim: sub, header: X-User}]
                forward: false
            """;

    private static final SigningKey ONE = SigningKey.named("one");
    private static final SigningKey TWO = SigningKey.named("two");

    private static KeyServer provider;

    @BeforeAll
    static void start(@TempDir Path folder, SuiteCluster cluster) throws Exception {
        provider = KeyServer.start(folder);
        cluster.allowKeySetsOf(provider.host());
    }

    @AfterAll
    static void stop() {
        if (provider != null) {
            provider.close();
        }
    }

    /** They know key one and no other. */
    private static TwoProxies login(Space space) {
        provider.publishes(ONE);
        provider.maxAge(Duration.ZERO);
        space.configMap("login-ca", "ca.crt", provider.authority());
        TwoProxies proxies = TwoProxies.start(
                space, Spec.to("chat").rule(ACCESS.formatted(Token.ISSUER, Token.AUDIENCE, provider.uri())));
        proxies.awaitStatus(Token.of("first").headers(ONE), 101);
        return proxies;
    }

    /** RFC 6750 §3. */
    private static void assertChallenge(UpgradeRefusedException refusal, int status, String error) {
        assertThat(refusal.status()).isEqualTo(status);
        assertThat(refusal.header("WWW-Authenticate").orElse("none")).startsWith("Bearer realm=\"wsroute\"" + error);
    }

    @Test
    void aTokenDecidesWhoConnectsAndTheBackendLearnsWhoItIs(Space space) {
        TwoProxies proxies = login(space);
        TestClient client = space.testClient();
        Token alice = Token.of("alice");

        for (Pod proxy : proxies.pods()) {
            URI uri = Route.uriOf(proxy);
            UpgradeRefusedException none = client.refusal(uri);
            assertChallenge(none, 401, "");
            assertThat(none.header("WWW-Authenticate").orElseThrow()).doesNotContain("error");
            UpgradeRefusedException ofOthers =
                    client.refusal(uri, alice.with("aud", "mail").headers(ONE));
            assertChallenge(ofOthers, 401, ", error=\"invalid_token\"");
            UpgradeRefusedException reader =
                    client.refusal(uri, alice.with("scope", "read").headers(ONE));
            assertChallenge(reader, 403, ", error=\"insufficient_scope\"");

            Map<String, String> claimed = new HashMap<>(alice.headers(ONE));
            claimed.put("X-User", "eve");
            claimed.put("X_User", "eve");
            assertThat(client.headAt(uri, "?head", claimed).lines())
                    .contains("x-user: alice")
                    .noneMatch(line -> line.startsWith("authorization") || line.contains("eve"));
            assertThat(AdminPage.connections(proxy, "alice")).isNotEmpty();
            assertThat(AdminPage.connections(proxy, "eve")).isEmpty();
        }
        TwoProxies.assertAlive(proxies.open(alice.headers(ONE)));
    }

    @Test
    void aKeyComesWithItsFirstTokenAndGoesWithTheSetAndNobodyIsCutOff(Space space) {
        TwoProxies proxies = login(space);
        Map<String, String> old = Token.of("alice").headers(ONE);
        Map<String, String> next = Token.of("alice").headers(TWO);
        List<WebSocketConnection> opened = new ArrayList<>(proxies.open(old));
        int before = provider.requests();

        provider.publishes(ONE, TWO);
        provider.maxAge(Duration.ofMinutes(1));
        assertChallenge(
                space.testClient().refusal(Route.uriOf(proxies.pods().get(0)), next), 401, ", error=\"invalid_token\"");
        proxies.awaitStatus(next, 101);
        // Without that token, the set would have been asked for after three minutes at the earliest.
        assertThat(provider.requests()).isEqualTo(before + 1);
        opened.addAll(proxies.open(next));
        opened.addAll(proxies.open(old));

        provider.publishes(TWO);
        proxies.awaitStatus(old, 401);
        proxies.assertStatus(Token.of("bob").headers(ONE), 401);
        opened.addAll(proxies.open(next));

        TwoProxies.assertAlive(opened);
        proxies.assertSame();
    }

    /** An operator that starts asks at once, and then twice in a minute. The third failure is worth a condition. */
    @Test
    void aProviderThatFailsIsReportedAndItsLastGoodKeysCountOn(Space space, SuiteCluster cluster) {
        TwoProxies proxies = login(space);
        List<WebSocketConnection> opened =
                new ArrayList<>(proxies.open(Token.of("alice").headers(ONE)));
        cluster.stopOperator();

        provider.answers(500, "down");
        int before = provider.requests();
        cluster.startOperator();
        await().until(() -> provider.requests() > before);
        provider.answers(200, "{\"keys\":[]}");
        opened.addAll(proxies.open(Token.of("bob").headers(ONE)));
        await().until(() -> provider.requests() > before + 1);
        provider.answers(200, "{\"keys\":");
        opened.addAll(proxies.open(Token.of("carol").headers(ONE)));

        Condition refs = proxies.route().awaitCondition("ResolvedRefs", "False");
        assertThat(refs.getReason()).isEqualTo("KeySetNotRefreshed");
        assertThat(refs.getMessage()).contains(provider.uri() + ": the key set is not valid JSON");
        opened.addAll(proxies.open(Token.of("dave").headers(ONE)));
        proxies.assertStatus(Token.of("eve").headers(TWO), 401);
        TwoProxies.assertAlive(opened);
        proxies.assertSame();
    }
}
