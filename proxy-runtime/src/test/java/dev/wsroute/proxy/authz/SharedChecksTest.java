// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.authz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.wsroute.proxy.testkit.AuthorizationService;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Many requests at once, and answers that are kept. */
class SharedChecksTest extends ServiceFixture {

    @Test
    void equalRequestsShareOneSubrequest() throws Exception {
        AuthorizationService service = holding(AuthorizationService.response("200 OK", "Set-Cookie: session=new"));
        ClientFixture client = client(service);

        List<CompletableFuture<ServiceAnswer>> answers = new ArrayList<>();
        for (int i = 0; i < 2000; i++) {
            answers.add(client.ask("same"));
        }
        client.settle();
        release();

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
        AuthorizationService service = holding(OK);
        ClientFixture client =
                limited(service, new ClientLimits(3, 1, Duration.ofSeconds(20), 5, 1 << 20, 10, 10, 10_000));

        List<CompletableFuture<ServiceAnswer>> answers = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            answers.add(client.ask("user=" + i, ClientFixture.address(i)));
        }
        client.settle();
        await().untilAsserted(() -> assertThat(service.asked()).hasSize(3));
        long refused = answers.stream().filter(CompletableFuture::isDone).count();
        release();
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
        AuthorizationService service = holding(OK);
        ClientFixture client =
                limited(service, new ClientLimits(3, 1, Duration.ofSeconds(20), 1000, 100_000, 10, 10, 10_000));

        List<CompletableFuture<ServiceAnswer>> answers = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            answers.add(client.ask("user=" + i + "x".repeat(8_000), ClientFixture.address(i)));
        }
        client.settle();
        long refused = answers.stream().filter(CompletableFuture::isDone).count();
        release();
        for (CompletableFuture<ServiceAnswer> answer : answers) {
            answer.get(30, TimeUnit.SECONDS);
        }

        assertThat(refused).isBetween(12L, 18L);
        assertThat(client.outcomeOf("after")).isEqualTo("allowed");
    }

    @ParameterizedTest
    @CsvSource({"0,8,1000000", "8000,100,400000"})
    void oneClientLeavesRoomForOthers(int size, int waiting, int pendingBytes) throws Exception {
        Semaphore answers = new Semaphore(0);
        AuthorizationService service = doing((asked, out) -> {
            answers.acquireUninterruptibly();
            return AuthorizationService.saying(OK).answer(asked, out);
        });
        ClientFixture client =
                limited(service, new ClientLimits(4, 1, Duration.ofSeconds(20), waiting, pendingBytes, 10, 10, 10_000));
        for (int i = 0; i < 100; i++) {
            client.ask("flood=" + i + "x".repeat(size), ClientFixture.address(1));
        }
        await().untilAsserted(() -> assertThat(service.asked()).hasSize(4));

        CompletableFuture<ServiceAnswer> other = client.ask("other" + "x".repeat(size), ClientFixture.address(2));
        client.settle();
        assertThat(other).isNotDone();
        answers.release();

        // It is the next, ahead of what waited before.
        await().untilAsserted(() -> assertThat(service.asked()).hasSize(5));
        assertThat(service.asked().get(4).header("Cookie")).startsWith("other");
        answers.release(100);
        assertThat(ClientFixture.outcome(other.get(30, TimeUnit.SECONDS))).isEqualTo("allowed");
    }

    @Test
    void aClientThatFillsItsPlacesDoesNotPutOffTheRefusalOfItsWebSocket() throws Exception {
        Semaphore answers = new Semaphore(0);
        AuthorizationService service = doing((asked, out) -> {
            answers.acquireUninterruptibly();
            return AuthorizationService.saying(OK).answer(asked, out);
        });
        ClientFixture client =
                limited(service, new ClientLimits(4, 1, Duration.ofSeconds(20), 8, 1 << 20, 10, 10, 10_000));
        for (int i = 0; i < 100; i++) {
            client.ask("flood=" + i);
        }
        await().untilAsserted(() -> assertThat(service.asked()).hasSize(4));

        CompletableFuture<ServiceAnswer> recheck = client.askAgain("open");
        client.settle();
        answers.release();

        await().untilAsserted(() -> assertThat(service.asked()).hasSize(5));
        assertThat(service.asked().get(4).header("Cookie")).isEqualTo("open");
        answers.release(100);
        assertThat(ClientFixture.outcome(recheck.get(30, TimeUnit.SECONDS))).isEqualTo("allowed");
    }

    @Test
    void answersAreKeptAsLongAsTheRuleSays() throws Exception {
        AuthorizationService service = answering(OK);
        ClientFixture client = caching(service);
        client.stopClock();

        client.answerTo("a");
        client.answerTo("a");
        client.answerTo("b");

        assertThat(service.asked()).hasSize(2);
        client.pass(Duration.ofHours(1));
        client.answerTo("a");
        assertThat(service.asked()).hasSize(3);
    }

    @ParameterizedTest
    @ValueSource(strings = {"no-store", "no-cache", "private, No-Store, max-age=60", "max-age=0"})
    void anAnswerThatTheServiceDoesNotWantKeptIsNotKept(String cacheControl) throws Exception {
        AuthorizationService service = saying("204 No Content", "Cache-Control: " + cacheControl);
        ClientFixture client = caching(service);

        client.answerTo("a");
        client.answerTo("a");

        assertThat(service.asked()).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"401 Unauthorized", "403 Forbidden", "500 Internal Server Error"})
    void onlyAnswersThatLetPassAreKept(String status) throws Exception {
        AuthorizationService service = saying(status);
        ClientFixture client = caching(service);
        client.answerTo("a");

        service.behave(AuthorizationService.saying(OK));

        assertThat(client.outcomeOf("a")).isEqualTo("allowed");
    }
}
