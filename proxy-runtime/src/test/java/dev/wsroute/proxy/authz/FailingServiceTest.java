// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.authz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.wsroute.proxy.testkit.AuthorizationService;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A service that fails, for all clients or because of one. */
class FailingServiceTest extends ServiceFixture {

    private static final String ERROR = AuthorizationService.response("500 Internal Server Error");

    @Test
    void afterFailuresOfSeveralClientsTheServiceIsLeftAloneForAWhile() throws Exception {
        AuthorizationService service = answering(ERROR);
        ClientFixture client = client(service);
        client.stopClock();

        for (int i = 0; i < Breaker.FAILURES; i++) {
            assertThat(client.outcomeOf("user=" + i, i)).isEqualTo("SERVER_ERROR");
        }
        assertThat(client.outcomeOf("next", 100)).isEqualTo("BREAKER");
        assertThat(service.asked()).hasSize(Breaker.FAILURES);
        service.behave(AuthorizationService.saying(OK));

        client.pass(Breaker.FIRST_PAUSE);

        assertThat(client.outcomeOf("later", 100)).isEqualTo("allowed");
    }

    @ParameterizedTest
    @EnumSource(names = {"SERVER_ERROR", "BROKEN", "TOO_SLOW"})
    void oneClientThatMakesTheServiceFailIsCutOffAlone(ServiceFailure failure) throws Exception {
        AuthorizationService service = doing((asked, out) -> {
            if (!asked.header("Cookie").startsWith("odd")) {
                return AuthorizationService.saying(OK).answer(asked, out);
            }
            if (failure == ServiceFailure.TOO_SLOW) {
                hold();
            }
            write(out, failure == ServiceFailure.SERVER_ERROR ? ERROR : "");
            return false;
        });
        ClientFixture client = failure == ServiceFailure.TOO_SLOW ? hurried(service, 500) : client(service);
        client.stopClock();

        for (int i = 0; i < Breaker.FAILURES; i++) {
            assertThat(client.outcomeOf("odd=" + i, 1)).isEqualTo(failure.name());
        }

        assertThat(client.outcomeOf("odd", 1)).isEqualTo("BREAKER");
        await().untilAsserted(() -> assertThat(client.outcomeOf("plain", 2)).isEqualTo("allowed"));
        assertThat(client.outcomeOf("odd", 1)).isEqualTo("BREAKER");
        await().untilAsserted(() -> {
            client.pass(Breaker.LONGEST_PAUSE);
            assertThat(client.outcomeOf("plain", 1)).isEqualTo("allowed");
        });
    }

    @Test
    void whatACutOffClientHasWaitingFailsWithItAndOthersGoOn() throws Exception {
        AuthorizationService service = doing((asked, out) -> {
            hold();
            return AuthorizationService.saying(asked.header("Cookie").startsWith("odd") ? ERROR : OK)
                    .answer(asked, out);
        });
        ClientFixture client = limited(
                service, new ClientLimits(Breaker.FAILURES, 1, Duration.ofSeconds(20), 100, 1 << 20, 10, 10, 10_000));
        client.stopClock();
        List<CompletableFuture<ServiceAnswer>> odd = new ArrayList<>();
        for (int i = 0; i < 10 * Breaker.FAILURES; i++) {
            odd.add(client.ask("odd=" + i, ClientFixture.address(1)));
        }
        CompletableFuture<ServiceAnswer> plain = client.ask("plain", ClientFixture.address(2));
        client.settle();

        release();

        assertThat(ClientFixture.outcome(plain.get(30, TimeUnit.SECONDS))).isEqualTo("allowed");
        List<String> outcomes = new ArrayList<>();
        for (CompletableFuture<ServiceAnswer> answer : odd) {
            outcomes.add(ClientFixture.outcome(answer.get(30, TimeUnit.SECONDS)));
        }
        assertThat(outcomes).contains("BREAKER").containsOnly("SERVER_ERROR", "BREAKER");
        assertThat(service.asked()).hasSizeLessThan(odd.size());
    }

    @Test
    void whatFailedWithTheBreakerIsNeverSent() throws Exception {
        AuthorizationService service = doing((asked, out) -> {
            hold();
            return AuthorizationService.saying(ERROR).answer(asked, out);
        });
        ClientFixture client = limited(
                service, new ClientLimits(Breaker.FAILURES, 1, Duration.ofSeconds(20), 500, 1 << 22, 10, 10, 10_000));
        // The pause ends while those that wait are being looked at.
        client.slowClock(Breaker.FIRST_PAUSE.dividedBy(100));
        List<CompletableFuture<ServiceAnswer>> answers = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            answers.add(client.ask("user=" + i, ClientFixture.address(i)));
        }
        client.settle();

        release();

        int asked = 0;
        for (CompletableFuture<ServiceAnswer> answer : answers) {
            asked += ClientFixture.outcome(answer.get(30, TimeUnit.SECONDS)).equals("BREAKER") ? 0 : 1;
        }
        assertThat(asked).isLessThan(answers.size());
        assertThat(service.asked()).hasSize(asked);
    }

    @Test
    void aServiceThatCannotBeReachedIsLeftAloneWhoeverAsks() throws Exception {
        ClientFixture client = client(absent());
        client.stopClock();

        for (int i = 0; i < Breaker.FAILURES; i++) {
            assertThat(client.outcomeOf("a" + i, 1)).isEqualTo("UNREACHABLE");
        }

        assertThat(client.outcomeOf("b", 2)).isEqualTo("BREAKER");
    }

    @Test
    void aFailureAboutAHugeRequestSaysNothingAboutTheService() throws Exception {
        AuthorizationService service = answering(ERROR);
        ClientFixture client = client(service);
        client.stopClock();

        for (int i = 0; i < 3 * Breaker.FAILURES; i++) {
            assertThat(client.outcomeOf("c=" + "x".repeat(Subrequest.ORDINARY_BYTES), i))
                    .isEqualTo("OVERSIZED");
        }

        assertThat(client.outcomeOf("c", 1)).isEqualTo("SERVER_ERROR");
    }

    @Test
    void refusalsAndOddRequestsDoNotOpenTheBreaker() throws Exception {
        AuthorizationService service = saying("400 Bad Request");
        ClientFixture client = client(service);
        client.stopClock();

        for (int i = 0; i < 3 * Breaker.FAILURES; i++) {
            assertThat(client.outcomeOf("user=" + i, i)).isEqualTo("UNEXPECTED_STATUS");
        }

        assertThat(service.asked()).hasSize(3 * Breaker.FAILURES);
    }
}
