// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.authz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.wsroute.config.NameValue;
import dev.wsroute.proxy.testkit.AuthorizationService;
import dev.wsroute.proxy.testkit.ProxyTest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class AuthorizationClientTest extends ProxyTest {

    private static final String OK = AuthorizationService.response("200 OK");

    @Test
    void oneConnectionCarriesOneSubrequestAfterAnother() throws Exception {
        AuthorizationService service = open(AuthorizationService.answering(OK));
        ClientFixture client = open(new ClientFixture(service.address()));

        for (int i = 0; i < 5; i++) {
            assertThat(client.outcomeOf("user=" + i)).isEqualTo("allowed");
        }

        assertThat(service.asked()).hasSize(5);
        assertThat(service.connections()).isOne();
        assertThat(service.asked().get(4).requestLine()).isEqualTo("GET /verify HTTP/1.1");
        assertThat(service.asked().get(4).header("Host")).isEqualTo("chat.example.com");
    }

    @Test
    void theAnswerSaysWhoItIs() throws Exception {
        AuthorizationService service = open(AuthorizationService.answering(AuthorizationService.response(
                "204 No Content",
                "X-User: anna",
                "X-Other: no",
                "Set-Cookie: a=1",
                "Cache-Control: private, max-age=60")));
        ClientFixture client = open(new ClientFixture(service.address()));

        assertThat(client.answerTo("a=0"))
                .isEqualTo(new ServiceAnswer.Allowed(
                        List.of(new NameValue("X-User", "anna")), "anna", List.of("a=1"), 60));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        200 OK                    | allowed
        202 Accepted              | allowed
        401 Unauthorized          | 401
        403 Forbidden             | 403
        400 Bad Request           | UNEXPECTED_STATUS
        404 Not Found             | UNEXPECTED_STATUS
        304 Not Modified          | UNEXPECTED_STATUS
        500 Internal Server Error | SERVER_ERROR
        503 Service Unavailable   | SERVER_ERROR
        """)
    void theStatusDecides(String status, String outcome) throws Exception {
        AuthorizationService service = open(AuthorizationService.answering(AuthorizationService.response(status)));
        ClientFixture client = open(new ClientFixture(service.address()));

        assertThat(client.outcomeOf("a")).isEqualTo(outcome);
    }

    @Test
    void aRedirectIsARefusalWithTheSameLocation() throws Exception {
        AuthorizationService service = open(AuthorizationService.answering(
                AuthorizationService.response("302 Found", "Location: https://login.example.com/", "X-Secret: s")));
        ClientFixture client = open(new ClientFixture(service.address()));

        assertThat(client.answerTo("a"))
                .isEqualTo(new ServiceAnswer.Refused(
                        401, List.of(new NameValue("Location", "https://login.example.com/"))));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\nX-Trailer: t\r\n\r\n",
                "HTTP/1.1 204 No Content\r\n\r\n"
            })
    void allKindsOfAnswersLeaveTheConnectionUsable(String response) throws Exception {
        AuthorizationService service = open(AuthorizationService.answering(response));
        ClientFixture client = open(new ClientFixture(service.address()));

        assertThat(client.outcomeOf("a")).isEqualTo("allowed");
        assertThat(client.outcomeOf("b")).isEqualTo("allowed");

        assertThat(service.connections()).isOne();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
                "HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n"
            })
    void anAnswerThatEndsTheConnectionIsTheLastOnIt(String response) throws Exception {
        AuthorizationService service = open(AuthorizationService.answering(response));
        ClientFixture client = open(new ClientFixture(service.address()));

        assertThat(client.outcomeOf("a")).isEqualTo("allowed");
        assertThat(client.outcomeOf("b")).isEqualTo("allowed");

        assertThat(service.connections()).isEqualTo(2);
        await().untilAsserted(() -> assertThat(client.openConnections()).isZero());
    }

    @Test
    void aBodyThatLastsUntilTheEndOfTheConnectionIsNotWaitedFor() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        AuthorizationService service = open(AuthorizationService.start((asked, out) -> {
            out.write("HTTP/1.1 200 OK\r\n\r\nhalf".getBytes(StandardCharsets.ISO_8859_1));
            out.flush();
            awaitQuietly(release);
            return false;
        }));
        ClientFixture client = open(new ClientFixture(service.address()));

        assertThat(client.outcomeOf("a")).isEqualTo("allowed");
        release.countDown();

        await().untilAsserted(() -> assertThat(client.openConnections()).isZero());
    }

    @Test
    void anEndlessBodyClosesTheConnection() throws Exception {
        AtomicInteger written = new AtomicInteger();
        AuthorizationService service = open(AuthorizationService.start((asked, out) -> {
            out.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1));
            byte[] chunk = ("1000\r\n" + "x".repeat(4096) + "\r\n").getBytes(StandardCharsets.ISO_8859_1);
            while (true) {
                out.write(chunk);
                written.addAndGet(4096);
            }
        }));
        ClientFixture client = open(new ClientFixture(service.address()));

        assertThat(client.outcomeOf("a")).isEqualTo("allowed");

        await().untilAsserted(() -> assertThat(service.openConnections()).isZero());
        assertThat(client.openConnections()).isZero();
        assertThat(written.get()).isGreaterThan(ServiceConnection.LONGEST_BODY);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SSH-2.0-OpenSSH_9.6\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
                "HTTP/1.1 200 OK\r\nX-User: a\rb\r\n\r\n",
                "HTTP/1.1 200 OK\r\nX-User: a\r\n folded: b\r\n\r\n",
                "HTTP/1.1 200 OK\r\nX User: a\r\n\r\n",
                "HTTP/1.1 200 OK\r\nX-User: \0\r\n\r\n",
                "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n"
            })
    void garbageIsNoAnswer(String response) throws Exception {
        AuthorizationService service = open(AuthorizationService.answering(response));
        ClientFixture client = open(new ClientFixture(service.address()));

        assertThat(client.outcomeOf("a")).isEqualTo("BROKEN");
        await().untilAsserted(() -> assertThat(client.openConnections()).isZero());
        assertThat(client.endpoints.openLeases()).isZero();
        assertThat(client.memory.heads().used()).isZero();
    }

    @Test
    void aHugeHeadIsNoAnswer() throws Exception {
        AuthorizationService service = open(AuthorizationService.start((asked, out) -> {
            out.write("HTTP/1.1 200 OK\r\n".getBytes(StandardCharsets.ISO_8859_1));
            byte[] line = ("X-Filler: " + "x".repeat(1000) + "\r\n").getBytes(StandardCharsets.ISO_8859_1);
            while (true) {
                out.write(line);
            }
        }));
        ClientFixture client = open(new ClientFixture(service.address()));

        assertThat(client.outcomeOf("a")).isEqualTo("BROKEN");
        await().untilAsserted(() -> assertThat(client.memory.heads().used()).isZero());
    }

    @Test
    void aProxyWithoutMemoryDoesNotBlameTheService() throws Exception {
        CountDownLatch held = new CountDownLatch(1);
        AuthorizationService service = open(AuthorizationService.start((asked, out) -> {
            out.write("HTTP/1.1 200 OK\r\nX: half a head".getBytes(StandardCharsets.ISO_8859_1));
            out.flush();
            awaitQuietly(held);
            return false;
        }));
        ClientFixture client = open(new ClientFixture(service.address()));
        long all = client.memory.heads().capacity() - client.memory.heads().used();
        assertThat(client.memory.heads().reserve(all)).isTrue();

        assertThat(client.outcomeOf("a")).isEqualTo("NO_RESOURCES");
        held.countDown();

        assertThat(client.endpoints.notes()).doesNotContain("upgrade failed");
    }

    @Test
    void onlyFailuresOfTheServiceLetPassWithFailOpen() {
        assertThat(Arrays.stream(ServiceFailure.values()).filter(ServiceFailure::passesOpen))
                .containsExactlyInAnyOrder(
                        ServiceFailure.NO_ENDPOINT,
                        ServiceFailure.UNREACHABLE,
                        ServiceFailure.TOO_SLOW,
                        ServiceFailure.BROKEN,
                        ServiceFailure.SERVER_ERROR,
                        ServiceFailure.BREAKER);
    }

    @Test
    void aResetIsNoAnswer() throws Exception {
        AuthorizationService service = open(AuthorizationService.start((asked, out) -> {
            throw new IOException("reset");
        }));
        ClientFixture client = open(new ClientFixture(service.address()));

        assertThat(client.outcomeOf("a")).isEqualTo("BROKEN");
    }

    @Test
    void bytesThatNobodyAskedForEndTheConnection() throws Exception {
        AuthorizationService service =
                open(AuthorizationService.answering(OK + AuthorizationService.response("200 OK", "X-User: other")));
        ClientFixture client = open(new ClientFixture(service.address()));

        assertThat(client.outcomeOf("a")).isEqualTo("allowed");
        await().untilAsserted(() -> assertThat(client.openConnections()).isZero());
        service.behave(AuthorizationService.saying(AuthorizationService.response("403 Forbidden")));

        assertThat(client.outcomeOf("b")).isEqualTo("403");
    }

    @Test
    void whoeverTakesTooLongDidNotAnswer() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        AuthorizationService service = open(AuthorizationService.start((asked, out) -> {
            awaitQuietly(never);
            return false;
        }));
        ClientFixture client =
                open(new ClientFixture(service.address(), Duration.ofMillis(200), Duration.ZERO, ClientLimits.DEFAULT));

        assertThat(client.outcomeOf("a")).isEqualTo("TOO_SLOW");

        await().untilAsserted(() -> assertThat(client.openConnections()).isZero());
        assertThat(client.endpoints.openLeases()).isZero();
        never.countDown();
    }

    @Test
    void aDrippingHeadIsTooSlow() throws Exception {
        CountDownLatch closed = new CountDownLatch(1);
        AuthorizationService service = open(AuthorizationService.start((asked, out) -> {
            out.write("HTTP/1.1 200 OK\r\nX: ".getBytes(StandardCharsets.ISO_8859_1));
            while (!awaitQuietly(closed, 20)) {
                out.write('x');
                out.flush();
            }
            return false;
        }));
        ClientFixture client =
                open(new ClientFixture(service.address(), Duration.ofMillis(300), Duration.ZERO, ClientLimits.DEFAULT));

        assertThat(client.outcomeOf("a")).isEqualTo("TOO_SLOW");
        closed.countDown();
    }

    @Test
    void nobodyListens() throws Exception {
        AuthorizationService service = AuthorizationService.answering(OK);
        service.close();
        ClientFixture client = open(new ClientFixture(service.address()));

        assertThat(client.outcomeOf("a")).isEqualTo("UNREACHABLE");
        assertThat(client.endpoints.openLeases()).isZero();
    }

    @Test
    void aConnectionThatTheServiceHasClosedIsReplacedOnce() throws Exception {
        AuthorizationService service = open(AuthorizationService.answering(OK));
        ClientFixture client = open(new ClientFixture(service.address()));
        client.answerTo("a");
        // As if both crossed: the service closes when it reads the next subrequest.
        service.behave((asked, out) -> {
            if (asked.connection() == 0) {
                return false;
            }
            return AuthorizationService.saying(OK).answer(asked, out);
        });

        assertThat(client.outcomeOf("b")).isEqualTo("allowed");

        assertThat(service.asked()).hasSize(3);
        assertThat(service.connections()).isEqualTo(2);
    }

    @Test
    void aFreshConnectionThatEndsIsNotReplaced() throws Exception {
        AuthorizationService service = open(AuthorizationService.start((asked, out) -> false));
        ClientFixture client = open(new ClientFixture(service.address()));

        assertThat(client.outcomeOf("a")).isEqualTo("BROKEN");

        assertThat(service.asked()).hasSize(1);
    }

    @Test
    void idleConnectionsThatTheServiceClosesAreForgotten() throws Exception {
        AuthorizationService service = open(AuthorizationService.answering(OK));
        ClientFixture client = open(new ClientFixture(service.address()));
        client.answerTo("a");

        service.closeConnections();

        await().untilAsserted(() -> assertThat(client.openConnections()).isZero());
        assertThat(client.outcomeOf("b")).isEqualTo("allowed");
        assertThat(client.endpoints.notes()).doesNotContain("upgrade failed");
    }

    @Test
    void idleConnectionsAreClosedAfterAWhile() throws Exception {
        AuthorizationService service = open(AuthorizationService.answering(OK));
        ClientFixture client = open(new ClientFixture(
                service.address(),
                Duration.ofSeconds(10),
                Duration.ZERO,
                new ClientLimits(4, 2, Duration.ofMillis(50), 10, 1 << 20, 10, 10, 10_000)));

        client.answerTo("a");

        await().untilAsserted(() -> assertThat(client.openConnections()).isZero());
    }

    @Test
    void equalRequestsShareOneSubrequest() throws Exception {
        CountDownLatch held = new CountDownLatch(1);
        AuthorizationService service = open(AuthorizationService.start((asked, out) -> {
            awaitQuietly(held);
            return AuthorizationService.saying(AuthorizationService.response("200 OK", "Set-Cookie: session=new"))
                    .answer(asked, out);
        }));
        ClientFixture client = open(new ClientFixture(service.address()));

        List<CompletableFuture<ServiceAnswer>> answers = new ArrayList<>();
        for (int i = 0; i < 2000; i++) {
            answers.add(client.ask("same"));
        }
        client.settle();
        held.countDown();

        long cookies = 0;
        for (CompletableFuture<ServiceAnswer> answer : answers) {
            ServiceAnswer.Allowed allowed = (ServiceAnswer.Allowed) answer.get(30, TimeUnit.SECONDS);
            cookies += allowed.cookies().size();
        }
        assertThat(service.asked()).hasSize(1);
        // Two clients must not share a session that begins here.
        assertThat(cookies).isOne();
    }

    @Test
    void connectionsAndWaitingSubrequestsAreBounded() throws Exception {
        CountDownLatch held = new CountDownLatch(1);
        AuthorizationService service = open(AuthorizationService.start((asked, out) -> {
            awaitQuietly(held);
            return AuthorizationService.saying(OK).answer(asked, out);
        }));
        ClientFixture client = open(new ClientFixture(
                service.address(),
                Duration.ofSeconds(20),
                Duration.ZERO,
                new ClientLimits(3, 1, Duration.ofSeconds(20), 5, 1 << 20, 10, 10, 10_000)));

        List<CompletableFuture<ServiceAnswer>> answers = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            answers.add(client.ask("user=" + i));
        }
        client.settle();
        await().untilAsserted(() -> assertThat(service.asked()).hasSize(3));
        long refused = answers.stream().filter(CompletableFuture::isDone).count();
        held.countDown();
        List<String> outcomes = new ArrayList<>();
        for (CompletableFuture<ServiceAnswer> answer : answers) {
            outcomes.add(ClientFixture.outcome(answer.get(30, TimeUnit.SECONDS)));
        }

        assertThat(refused).isEqualTo(12);
        assertThat(outcomes).filteredOn("TOO_MANY"::equals).hasSize(12);
        assertThat(outcomes).filteredOn("allowed"::equals).hasSize(8);
        assertThat(service.connections()).isEqualTo(3);
        await().untilAsserted(() -> assertThat(client.openConnections()).isOne());
    }

    @Test
    void theMemoryOfSubrequestsWithoutAnAnswerIsBounded() throws Exception {
        CountDownLatch held = new CountDownLatch(1);
        AuthorizationService service = open(AuthorizationService.start((asked, out) -> {
            awaitQuietly(held);
            return AuthorizationService.saying(OK).answer(asked, out);
        }));
        ClientFixture client = open(new ClientFixture(
                service.address(),
                Duration.ofSeconds(20),
                Duration.ZERO,
                new ClientLimits(3, 1, Duration.ofSeconds(20), 1000, 100_000, 10, 10, 10_000)));

        List<CompletableFuture<ServiceAnswer>> answers = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            answers.add(client.ask("user=" + i + "x".repeat(8_000)));
        }
        client.settle();
        long refused = answers.stream().filter(CompletableFuture::isDone).count();
        held.countDown();
        for (CompletableFuture<ServiceAnswer> answer : answers) {
            answer.get(30, TimeUnit.SECONDS);
        }

        assertThat(refused).isBetween(12L, 18L);
        assertThat(ClientFixture.outcome(client.answerTo("after"))).isEqualTo("allowed");
    }

    @Test
    void answersAreKeptAsLongAsTheRuleSays() throws Exception {
        AuthorizationService service = open(AuthorizationService.answering(OK));
        ClientFixture client = open(new ClientFixture(
                service.address(), Duration.ofSeconds(10), Duration.ofHours(1), ClientLimits.DEFAULT));

        client.answerTo("a");
        client.answerTo("a");
        client.answerTo("b");

        assertThat(service.asked()).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"401 Unauthorized", "403 Forbidden", "500 Internal Server Error"})
    void onlyAnswersThatLetPassAreKept(String status) throws Exception {
        AuthorizationService service = open(AuthorizationService.answering(AuthorizationService.response(status)));
        ClientFixture client = open(new ClientFixture(
                service.address(), Duration.ofSeconds(10), Duration.ofHours(1), ClientLimits.DEFAULT));
        client.answerTo("a");

        service.behave(AuthorizationService.saying(OK));

        assertThat(client.outcomeOf("a")).isEqualTo("allowed");
    }

    @Test
    void afterFailuresOfSeveralClientsTheServiceIsLeftAloneForAWhile() throws Exception {
        AuthorizationService service =
                open(AuthorizationService.answering(AuthorizationService.response("500 Internal Server Error")));
        ClientFixture client = open(new ClientFixture(service.address()));

        for (int i = 0; i < Breaker.FAILURES; i++) {
            assertThat(client.outcomeOf("user=" + i, i)).isEqualTo("SERVER_ERROR");
        }
        assertThat(client.outcomeOf("next", 100)).isEqualTo("BREAKER");
        assertThat(service.asked()).hasSize(Breaker.FAILURES);
        service.behave(AuthorizationService.saying(OK));

        await().untilAsserted(() -> assertThat(client.outcomeOf("later", 100)).isEqualTo("allowed"));
    }

    @ParameterizedTest
    @EnumSource(names = {"SERVER_ERROR", "BROKEN"})
    void oneClientThatMakesTheServiceFailIsCutOffAlone(ServiceFailure failure) throws Exception {
        String reaction =
                failure == ServiceFailure.BROKEN ? "" : AuthorizationService.response("500 Internal Server Error");
        AuthorizationService service = open(AuthorizationService.start((asked, out) -> {
            boolean odd = asked.header("Cookie").startsWith("odd");
            AuthorizationService.saying(odd ? reaction : OK).answer(asked, out);
            return !odd;
        }));
        ClientFixture client = open(new ClientFixture(service.address()));

        for (int i = 0; i < Breaker.FAILURES; i++) {
            assertThat(client.outcomeOf("odd=" + i, 1)).isEqualTo(failure.name());
        }

        assertThat(client.outcomeOf("odd", 1)).isEqualTo("BREAKER");
        assertThat(client.outcomeOf("plain", 2)).isEqualTo("allowed");
    }

    @Test
    void aServiceThatCannotBeReachedIsLeftAloneWhoeverAsks() throws Exception {
        AuthorizationService service = AuthorizationService.answering(OK);
        service.close();
        ClientFixture client = open(new ClientFixture(service.address()));

        for (int i = 0; i < Breaker.FAILURES; i++) {
            assertThat(client.outcomeOf("a" + i, 1)).isEqualTo("UNREACHABLE");
        }

        assertThat(client.outcomeOf("b", 2)).isEqualTo("BREAKER");
    }

    @Test
    void aFailureAboutAHugeRequestSaysNothingAboutTheService() throws Exception {
        AuthorizationService service =
                open(AuthorizationService.answering(AuthorizationService.response("500 Internal Server Error")));
        ClientFixture client = open(new ClientFixture(service.address()));

        for (int i = 0; i < 3 * Breaker.FAILURES; i++) {
            assertThat(client.outcomeOf("c=" + "x".repeat(Subrequest.ORDINARY_BYTES), i))
                    .isEqualTo("OVERSIZED");
        }

        assertThat(client.outcomeOf("c", 1)).isEqualTo("SERVER_ERROR");
    }

    @Test
    void refusalsAndOddRequestsDoNotOpenTheBreaker() throws Exception {
        AuthorizationService service =
                open(AuthorizationService.answering(AuthorizationService.response("400 Bad Request")));
        ClientFixture client = open(new ClientFixture(service.address()));

        for (int i = 0; i < 3 * Breaker.FAILURES; i++) {
            assertThat(client.outcomeOf("user=" + i, i)).isEqualTo("UNEXPECTED_STATUS");
        }

        assertThat(service.asked()).hasSize(3 * Breaker.FAILURES);
    }

    private static void awaitQuietly(CountDownLatch latch) {
        awaitQuietly(latch, 60_000);
    }

    private static boolean awaitQuietly(CountDownLatch latch, long millis) {
        try {
            return latch.await(millis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }
}
