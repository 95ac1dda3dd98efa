// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.authz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.wsroute.config.ExternalAuthorization.Lifetime;
import dev.wsroute.proxy.accesslog.AccessEntry;
import dev.wsroute.proxy.drain.CloseReason;
import dev.wsroute.proxy.testkit.AuthorizationService;
import dev.wsroute.proxy.testkit.AuthorizationService.Asked;
import dev.wsroute.proxy.testkit.Frame;
import dev.wsroute.proxy.testkit.TestProxy;
import dev.wsroute.proxy.testkit.TestProxy.Pair;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;

/** What happens to WebSockets whose right to stay open ends. */
class RecheckTest extends ExternalFixture {

    private static final Terms OFTEN = Terms.DEFAULT.recheckEvery(Duration.ofMillis(50));

    private final Set<String> withdrawn = ConcurrentHashMap.newKeySet();

    /** Answers 200, and 403 to those whose right has been withdrawn. */
    private AuthorizationService service() throws Exception {
        return open(AuthorizationService.start(
                (asked, out) -> AuthorizationService.saying(AuthorizationService.response(
                                withdrawn.contains(asked.header("Cookie")) ? "403 Forbidden" : "200 OK"))
                        .answer(asked, out)));
    }

    private static long asked(AuthorizationService service, String cookie) {
        return service.asked().stream()
                .filter(asked -> asked.header("Cookie").equals(cookie))
                .count();
    }

    @Test
    void aRefusalClosesWithAPolicyViolationAndOthersStay() throws Exception {
        AuthorizationService service = service();
        TestProxy proxy = proxy(service, OFTEN);
        Pair anna = open(proxy.open(backend, "Cookie: user=anna"));
        Pair ben = open(proxy.open(backend, "Cookie: user=ben"));
        await().untilAsserted(() -> assertThat(asked(service, "user=anna")).isGreaterThan(3));

        withdrawn.add("user=anna");

        Frame close = anna.client().readFrame();
        assertThat(close.closeCode()).isEqualTo(1008);
        assertThat(close.closePhrase()).isEqualTo("authorization withdrawn");
        assertThat(anna.backend().readFrame().closeCode()).isEqualTo(1008);
        long before = asked(service, "user=ben");
        await().untilAsserted(() -> assertThat(asked(service, "user=ben")).isGreaterThan(before + 2));
        ben.client().send(Frame.text("still here", true));
        assertThat(ben.backend().readFrame().text()).isEqualTo("still here");
        assertThat(metrics.events()).contains("authorization allowed recheck", "authorization refused recheck");
    }

    @Test
    void itIsAskedWithTheHeadersOfTheHandshake() throws Exception {
        AuthorizationService service = service();
        TestProxy proxy = proxy(service, OFTEN);
        open(proxy.open(backend, "Cookie: user=anna", "X-Odd:  spaced : colon  "));

        await().untilAsserted(() -> assertThat(service.asked()).hasSizeGreaterThan(1));

        Asked first = service.asked().get(0);
        Asked again = service.asked().get(1);
        assertThat(again.requestLine()).isEqualTo(first.requestLine());
        assertThat(again.headers()).containsExactlyInAnyOrderElementsOf(first.headers());
    }

    @Test
    void aServiceThatFailsClosesNothing() throws Exception {
        AuthorizationService service = service();
        TestProxy proxy = proxy(service, OFTEN);
        Pair pair = open(proxy.open(backend, "Cookie: user=anna"));

        service.behave(AuthorizationService.saying(AuthorizationService.response("500 Internal Server Error")));
        await().untilAsserted(() -> assertThat(metrics.events()).contains("authorization unavailable breaker recheck"));
        pair.client().send(Frame.text("still here", true));
        assertThat(pair.backend().readFrame().text()).isEqualTo("still here");

        // It is asked again once it answers.
        service.behave(AuthorizationService.saying(AuthorizationService.response("401 Unauthorized")));
        assertThat(pair.client().readFrame().closeCode()).isEqualTo(1008);
    }

    @Test
    void whoPassedBecauseOfAFailureIsCheckedLater() throws Exception {
        AuthorizationService service =
                open(AuthorizationService.answering(AuthorizationService.response("500 Internal Server Error")));
        TestProxy proxy = proxy(service, OFTEN.openOnFailure());
        Pair pair = open(proxy.open(backend, "Cookie: user=anna"));

        service.behave(AuthorizationService.saying(AuthorizationService.response("403 Forbidden")));

        assertThat(pair.client().readFrame().closeCode()).isEqualTo(1008);
    }

    @Test
    void nobodyIsAskedAboutAClosedWebSocket() throws Exception {
        AuthorizationService service = service();
        TestProxy proxy = proxy(service, OFTEN);
        Pair anna = proxy.open(backend, "Cookie: user=anna");
        open(proxy.open(backend, "Cookie: user=ben"));
        await().untilAsserted(() -> assertThat(asked(service, "user=anna")).isGreaterThan(1));

        anna.close();
        proxy.nextLogged();
        long before = asked(service, "user=anna");
        long others = asked(service, "user=ben");
        await().untilAsserted(() -> assertThat(asked(service, "user=ben")).isGreaterThan(others + 5));

        // One may have been on its way.
        assertThat(asked(service, "user=anna")).isLessThanOrEqualTo(before + 1);
    }

    @Test
    void anAnswerThatIsKeptDoesNotCount() throws Exception {
        AuthorizationService service = service();
        TestProxy proxy = proxy(service, OFTEN.cacheFor(Duration.ofHours(1)));
        Pair pair = open(proxy.open(backend, "Cookie: user=anna"));

        withdrawn.add("user=anna");

        assertThat(pair.client().readFrame().closeCode()).isEqualTo(1008);
        assertThat(refusal(proxy, "Cookie: user=anna")).startsWith("HTTP/1.1 403 ");
    }

    @Test
    void theKeptHeadersCountAsMemoryOfTheConnection() throws Exception {
        TestProxy small = proxy(service(), OFTEN);
        open(small.open(backend, "Cookie: user=a"));
        TestProxy large = proxy(service(), OFTEN);
        open(large.open(backend, "Cookie: user=" + "a".repeat(4000)));

        assertThat(large.memory().requests().budget().used())
                .isGreaterThan(small.memory().requests().budget().used() + 3900);
    }

    @Test
    void theKeptHeadersAreFreedWithTheConnection() throws Exception {
        TestProxy proxy = proxy(service(), OFTEN);
        Pair pair = proxy.open(backend, "Cookie: user=a");

        pair.close();

        await().untilAsserted(() ->
                assertThat(proxy.memory().requests().budget().used()).isZero());
    }

    @Test
    void theMaxAgeOfTheAnswerEndsTheWebSocket() throws Exception {
        AuthorizationService service = service("200 OK", "Cache-Control: private, max-age=1");
        TestProxy proxy = proxy(service, Terms.DEFAULT.lifetime(Lifetime.CacheControl));
        Pair pair = open(proxy.open(backend));

        Frame close = pair.client().readFrame();

        assertThat(close.closeCode()).isEqualTo(1008);
        assertThat(close.closePhrase()).isEqualTo("authorization expired");
        pair.close();
        AccessEntry entry = proxy.nextLogged();
        assertThat(Objects.requireNonNull(entry.tunnel()).closeReason()).isEqualTo(CloseReason.AUTHORIZATION_EXPIRED);
    }

    @Test
    void theMaxAgeMeansNothingUnlessTheRuleSaysSo() throws Exception {
        AuthorizationService service = service("200 OK", "Cache-Control: max-age=0");
        TestProxy proxy = proxy(service);
        Pair pair = open(proxy.open(backend));

        pair.client().send(Frame.text("still here", true));

        assertThat(pair.backend().readFrame().text()).isEqualTo("still here");
        assertThat(proxy.connections().some(any -> true, 1).get(0).rights().end())
                .isFalse();
    }
}
