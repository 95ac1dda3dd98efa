// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wsroute.e2e.client.UpgradeRefusedException;
import dev.wsroute.e2e.client.WebSocketConnection;
import dev.wsroute.e2e.identity.ApiKey;
import dev.wsroute.e2e.identity.Credential;
import dev.wsroute.e2e.identity.Password;
import io.fabric8.kubernetes.api.model.Condition;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Machines with passwords and API keys, which Secrets hold, at two proxies (ADR 59). */
@Scenario
class CredentialsIT {

    private static final String ROBOT = "r2d2";

    @Test
    void aPasswordIsReplacedInItsSecret(Space space) {
        Password old = Password.of(ROBOT);
        Password next = Password.of(ROBOT);
        space.secret("robots", "auth", old.line());
        TwoProxies proxies = TwoProxies.start(
                space, Spec.to("chat").rule("access: {basic: {secretRef: {name: robots}, realm: lab}}"));
        List<WebSocketConnection> opened = opened(proxies, old);
        proxies.assertStatus(next.headers(), 401);
        UpgradeRefusedException refusal =
                space.testClient().refusal(Route.uriOf(proxies.pods().get(0)));
        assertThat(refusal.status()).isEqualTo(401);
        assertThat(refusal.header("WWW-Authenticate")).hasValue("Basic realm=\"lab\", charset=\"UTF-8\"");

        space.secret("robots", "auth", next.line());
        opened.addAll(opened(proxies, next));
        proxies.awaitStatus(old.headers(), 401);

        String inTheClear = ROBOT + ":" + next.text();
        space.secret("robots", "auth", inTheClear);
        assertRefused(proxies, "/robots (auth): line 1", next.text());
        opened.addAll(opened(proxies, next));
        proxies.assertStatus(old.headers(), 401);

        space.secret("robots", "auth", old.line());
        proxies.route().awaitCondition("ResolvedRefs", "True");
        opened.addAll(opened(proxies, old));
        TwoProxies.assertAlive(opened);
        proxies.assertSame();
    }

    @Test
    void anApiKeyIsReplacedInItsSecretWithoutAnInterruption(Space space) {
        ApiKey old = ApiKey.of(ROBOT);
        ApiKey next = ApiKey.of(ROBOT);
        space.secret("meters", "keys", old.line());
        TwoProxies proxies =
                TwoProxies.start(space, Spec.to("chat").rule("access: {apiKeys: {secretRef: {name: meters}}}"));
        List<WebSocketConnection> opened = opened(proxies, old);
        proxies.assertStatus(next.headers(), 401);
        proxies.assertStatus(Map.of(), 401);

        space.secret("meters", "keys", old.line() + "\n" + next.line());
        opened.addAll(opened(proxies, next));
        proxies.assertStatus(old.headers(), 101);
        space.secret("meters", "keys", next.line());
        proxies.awaitStatus(old.headers(), 401);
        proxies.assertStatus(next.headers(), 101);

        space.secret("meters", "keys", "# nobody\n" + old.text());
        assertRefused(proxies, "/meters (keys): line 2", old.text());
        opened.addAll(opened(proxies, next));
        proxies.assertStatus(old.headers(), 401);

        space.secret("meters", "keys", "# nobody\n");
        proxies.awaitStatus(next.headers(), 401);
        proxies.route().awaitCondition("ResolvedRefs", "True");
        TwoProxies.assertAlive(opened);
        proxies.assertSame();
    }

    /** A WebSocket at each proxy, once both accept the credential. */
    private static List<WebSocketConnection> opened(TwoProxies proxies, Credential credential) {
        proxies.awaitStatus(credential.headers(), 101);
        return new ArrayList<>(proxies.open(credential.headers()));
    }

    /** The operator says which object cannot be used, and shows nothing of it. */
    private static void assertRefused(TwoProxies proxies, String object, String secret) {
        Condition refs = proxies.route().awaitCondition("ResolvedRefs", "False");
        assertThat(refs.getReason()).isEqualTo("InvalidKeyRef");
        assertThat(refs.getMessage()).contains(object).doesNotContain(secret);
    }
}
