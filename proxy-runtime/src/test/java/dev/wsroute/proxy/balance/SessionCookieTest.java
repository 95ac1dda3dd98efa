// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.balance;

import static dev.wsroute.proxy.testkit.TestEndpoints.ready;
import static dev.wsroute.proxy.testkit.TestEndpoints.terminating;
import static org.assertj.core.api.Assertions.assertThat;

import dev.wsroute.config.ConsistentHash;
import dev.wsroute.config.RuleConfigBuilder;
import dev.wsroute.config.SessionPersistence;
import dev.wsroute.config.SessionPersistence.SameSite;
import dev.wsroute.config.SessionPersistence.Secure;
import dev.wsroute.proxy.routing.EndpointLease;
import dev.wsroute.proxy.routing.EndpointSelector;
import dev.wsroute.proxy.session.SessionCookieKey;
import dev.wsroute.proxy.testkit.Facts;
import io.netty.util.NetUtil;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SessionCookieTest {

    private static final SessionCookieKey KEY =
            SessionCookieKey.of("a key that two proxies share, for tests".getBytes(StandardCharsets.UTF_8));

    private final Bench bench = new Bench();

    @BeforeEach
    void key() {
        bench.balancing.sessionKey(KEY);
        bench.ready("b0", "a", "b", "c");
    }

    @Test
    void aClientWithItsCookieReachesTheSameEndpointAndGetsNoNewCookie() {
        EndpointSelector selector = bench.selector(rule(null));
        EndpointLease first = Bench.lease(selector, Bench.request());
        Facts again = with(first);

        for (int i = 0; i < 50; i++) {
            EndpointLease next = Bench.lease(selector, again);
            assertThat(next.endpoint()).isEqualTo(first.endpoint());
            assertThat(next.setCookie()).isNull();
        }
    }

    @Test
    void theCookieHasItsAttributes() {
        EndpointSelector session = bench.selector(rule(null));
        EndpointSelector limited = bench.selector(rule(Duration.ofHours(1)));

        assertThat(Bench.lease(session, Bench.request()).setCookie())
                .matches("wsroute=[A-Za-z0-9_-]{54}; Path=/; HttpOnly; SameSite=Lax");
        assertThat(Bench.lease(limited, Bench.request().overTls()).setCookie())
                .endsWith("; Path=/; HttpOnly; SameSite=Lax; Max-Age=3600; Secure");
    }

    @Test
    void withoutSessionPersistenceThereIsNoCookie() {
        EndpointSelector selector = bench.selector(Bench.rule().backends(Bench.backends(1)));

        assertThat(Bench.lease(selector, Bench.request()).setCookie()).isNull();
    }

    @Test
    void aProxyWithTheSameKeySendsTheClientToTheSameEndpoint() {
        Bench other = new Bench();
        other.ready("b0", "c", "b", "a");
        other.balancing.sessionKey(KEY);
        EndpointSelector here = bench.selector(rule(null));
        EndpointSelector there = other.selector(rule(null));

        for (int i = 0; i < 50; i++) {
            EndpointLease first = Bench.lease(here, Bench.request());
            EndpointLease second = Bench.lease(there, with(first));
            assertThat(second.endpoint().key()).isEqualTo(first.endpoint().key());
            assertThat(second.setCookie()).isNull();
        }
    }

    @Test
    void aCookieOfAnotherKeyOrAForgedOneIsIgnoredAndReplaced() {
        EndpointSelector selector = bench.selector(rule(null));
        String value = value(Bench.lease(selector, Bench.request()));
        Bench stranger = new Bench().ready("b0", "a", "b", "c");
        stranger.balancing.sessionKey(SessionCookieKey.random());
        List<String> forged = new ArrayList<>(List.of(
                "",
                "x",
                "a".repeat(54),
                "=".repeat(54),
                "é".repeat(54),
                "-".repeat(100_000),
                value(Bench.lease(stranger.selector(rule(null)), Bench.request()))));
        for (int i = 0; i < value.length() - 1; i++) {
            char other = value.charAt(i) == 'A' ? 'B' : 'A';
            forged.add(value.substring(0, i) + other + value.substring(i + 1));
        }

        for (String cookie : forged) {
            assertThat(Bench.lease(selector, with(cookie)).setCookie())
                    .as(cookie)
                    .isNotNull();
        }
    }

    @Test
    void aPinTakesPrecedenceOverWeightsEvenWeightZero() {
        EndpointSelector before = bench.selector(rule(null).backends(Bench.backends(0, 1)));
        bench.ready("b0").ready("b1", "canary");
        EndpointLease first = Bench.lease(before, Bench.request());
        bench.ready("b0", "a");

        EndpointSelector after = bench.selector(rule(null).backends(Bench.backends(1, 0)));

        for (int i = 0; i < 20; i++) {
            assertThat(Bench.lease(after, with(first)).endpoint().key().id()).isEqualTo("canary");
            assertThat(Bench.target(after, Bench.request())).isEqualTo("a");
        }
    }

    @Test
    void aPinTakesPrecedenceOverTheHash() {
        EndpointSelector selector =
                bench.selector(rule(null).loadBalancing(Bench.hash(ConsistentHash.Type.Header, "x-user")));
        EndpointLease alices = Bench.lease(selector, Bench.request().withHeaders(Map.of("x-user", "alice")));

        for (int user = 0; user < 20; user++) {
            Facts request = with(alices).withHeaders(Map.of("x-user", "user-" + user));
            assertThat(Bench.lease(selector, request).endpoint()).isEqualTo(alices.endpoint());
        }
    }

    @Test
    void aPinToATerminatingOrMissingEndpointIsReplaced() {
        EndpointSelector selector = bench.selector(rule(null));
        bench.ready("b0", "a");
        EndpointLease first = Bench.lease(selector, Bench.request());

        bench.endpoints("b0", terminating("a", true), ready("b"));
        EndpointLease second = Bench.lease(selector, with(first));
        bench.ready("b0", "c");
        EndpointLease third = Bench.lease(selector, with(second));

        assertThat(second.endpoint().key().id()).isEqualTo("b");
        assertThat(second.setCookie()).isNotNull();
        assertThat(third.endpoint().key().id()).isEqualTo("c");
        assertThat(third.setCookie()).isNotNull();
    }

    @Test
    void aPinToAnEndpointThatFailedThisRequestOrIsLeftOutIsReplaced() {
        EndpointSelector selector = bench.selector(rule(null));
        EndpointLease first = Bench.lease(selector, Bench.request());

        EndpointLease retry = Objects.requireNonNull(
                selector.select(with(first), Set.of(first.endpoint().key())));
        for (int i = 0; i < 3; i++) {
            first.connectFailed();
        }
        EndpointLease later = Bench.lease(selector, with(first));

        assertThat(List.of(retry, later)).allSatisfy(lease -> {
            assertThat(lease.endpoint()).isNotEqualTo(first.endpoint());
            assertThat(lease.setCookie()).isNotNull();
        });
    }

    @Test
    void aPinToAnEndpointThatIsLeftOutForWhatClientsMayHaveCausedHolds() {
        EndpointSelector selector = bench.selector(rule(null));
        EndpointLease first = Bench.lease(selector, Bench.request());
        for (int client = 1; client <= 3; client++) {
            Facts stranger = with(first).from(NetUtil.createInetAddressFromIpAddressString("203.0.113." + client));
            Bench.lease(selector, stranger).upgradeFailed();
        }
        assertThat(bench.ejections).hasSize(1);

        for (int i = 0; i < 20; i++) {
            EndpointLease later = Bench.lease(selector, with(first));
            assertThat(later.endpoint()).isEqualTo(first.endpoint());
            assertThat(later.setCookie()).isNull();
            assertThat(Bench.lease(selector, Bench.request()).endpoint()).isNotEqualTo(first.endpoint());
        }
    }

    @Test
    void aPinHoldsNoLongerThanItsTimeoutWhateverTheClientKeeps() {
        EndpointSelector selector = bench.selector(rule(Duration.ofHours(1)));
        Facts again = with(Bench.lease(selector, Bench.request()));

        bench.clock.advance(Duration.ofMinutes(59));
        assertThat(Bench.lease(selector, again).setCookie()).isNull();
        bench.clock.advance(Duration.ofMinutes(1));

        assertThat(Bench.lease(selector, again).setCookie()).isNotNull();
    }

    @Test
    void aNewKeyInvalidatesPins() {
        EndpointSelector selector = bench.selector(rule(null));
        EndpointLease first = Bench.lease(selector, Bench.request());

        bench.balancing.sessionKey(SessionCookieKey.random());
        EndpointLease second = Bench.lease(selector, with(first));

        assertThat(second.setCookie()).isNotNull();
        assertThat(Bench.lease(selector, with(second)).endpoint()).isEqualTo(second.endpoint());
        assertThat(Bench.lease(selector, with(second)).setCookie()).isNull();
    }

    @Test
    void rulesWithTheSameBackendShareThePin() {
        EndpointSelector one = bench.selector(rule(null));
        EndpointSelector other = bench.balancing.selector(
                "r",
                rule(null).loadBalancing(Bench.leastConnections(Duration.ZERO)).build());
        EndpointLease first = Bench.lease(one, Bench.request());

        EndpointLease second = Bench.lease(other, with(first));

        assertThat(second.endpoint()).isEqualTo(first.endpoint());
        assertThat(second.setCookie()).isNull();
    }

    @Test
    void theCookieDoesNotRevealTheEndpoint() {
        EndpointSelector selector = bench.selector(rule(null));
        bench.ready("b0", "pod-0123456789");

        String value = value(Bench.lease(selector, Bench.request()));

        assertThat(new String(Base64.getUrlDecoder().decode(value), StandardCharsets.ISO_8859_1))
                .doesNotContain("pod");
    }

    @Test
    void theCookieIsSameSiteLaxUnlessTheRuleSetsAnother() {
        assertThat(attributes(SameSite.Lax, Secure.WhenTLS)).isEqualTo("Path=/; HttpOnly; SameSite=Lax");
        assertThat(attributes(SameSite.Strict, Secure.WhenTLS)).isEqualTo("Path=/; HttpOnly; SameSite=Strict");
        assertThat(attributes(SameSite.Strict, Secure.Always)).isEqualTo("Path=/; HttpOnly; SameSite=Strict; Secure");
        assertThat(attributes(SameSite.None, Secure.Always)).isEqualTo("Path=/; HttpOnly; SameSite=None; Secure");
    }

    private String attributes(SameSite sameSite, Secure secure) {
        EndpointSelector selector = bench.selector(Bench.rule()
                .backends(Bench.backends(1))
                .sessionPersistence(
                        new SessionPersistence(SessionPersistence.Type.Cookie, "wsroute", null, sameSite, secure)));
        String cookie =
                Objects.requireNonNull(Bench.lease(selector, Bench.request()).setCookie());
        return cookie.substring(cookie.indexOf(';') + 2);
    }

    private static RuleConfigBuilder rule(@Nullable Duration timeout) {
        return Bench.rule().backends(Bench.backends(1)).sessionPersistence(SessionPersistence.of("wsroute", timeout));
    }

    private static String value(EndpointLease lease) {
        String cookie = Objects.requireNonNull(lease.setCookie());
        return cookie.substring("wsroute=".length(), cookie.indexOf(';'));
    }

    private static Facts with(EndpointLease lease) {
        return with(value(lease));
    }

    private static Facts with(String value) {
        return Bench.request().withCookies(Map.of("wsroute", value));
    }
}
