// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.balance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wsroute.proxy.balance.EndpointStatus.Availability;
import dev.wsroute.proxy.routing.EndpointLease;
import dev.wsroute.proxy.testkit.TestEndpoints;
import java.time.Duration;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which failures count towards an ejection, and what ends the count. */
class FailureCountTest extends EjectionFixture {

    @ParameterizedTest
    @ValueSource(strings = {"connect", "upgrade", "vanish"})
    void eachKindOfFailureCounts(String kind) {
        bench.ready("b0", "a", "b");
        Consumer<EndpointLease> failure =
                switch (kind) {
                    case "connect" -> EndpointLease::connectFailed;
                    case "upgrade" -> EndpointLease::upgradeFailed;
                    default ->
                        lease -> {
                            lease.opened();
                            bench.clock.advance(Duration.ofMillis(990));
                            lease.backendLost();
                        };
                };

        for (int client = 1; client <= 3; client++) {
            use("a", Bench.request().from(client("203.0.113." + client)), failure);
        }

        assertThat(bench.ejections).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"upgrade", "vanish"})
    void whatAClientMayHaveCausedCountsOnceForEachClient(String kind) {
        bench.ready("b0", "a", "b");
        Consumer<EndpointLease> failure = kind.equals("upgrade")
                ? EndpointLease::upgradeFailed
                : lease -> {
                    lease.opened();
                    lease.backendLost();
                };

        for (int i = 0; i < 50; i++) {
            use("a", Bench.request().from(client("203.0.113.1")), failure);
            use("a", Bench.request().from(client("2001:db8::" + i)), failure);
        }
        assertThat(bench.ejections).isEmpty();
        assertThat(status("a").failures()).isEqualTo(2);
        use("a", Bench.request().from(client("2001:db8:0:1::")), failure);

        assertThat(bench.ejections).containsExactly("a of b0 for 5 s");
    }

    @Test
    void oneClientAddsNothingToConnectionsThatFailed() {
        bench.ready("b0", "a", "b");

        fail("a", 2);
        fail("a", 9, EndpointLease::upgradeFailed);
        assertThat(bench.ejections).isEmpty();
        use("a", Bench.request().from(client("203.0.113.1")), EndpointLease::upgradeFailed);

        assertThat(bench.ejections).hasSize(1);
    }

    @Test
    void aClientThatFailsAgainAndAgainKeepsNoSuccessFromCounting() {
        bench.ready("b0", "a", "b");
        fail("a", 2);
        fail("a", 1, EndpointLease::upgradeFailed);

        use("a", EndpointLease::opened);
        bench.clock.advance(Duration.ofMillis(900));
        fail("a", 1, EndpointLease::upgradeFailed);
        bench.clock.advance(Duration.ofMillis(100));

        assertThat(status("a").failures()).isZero();
    }

    @Test
    void aBackendThatVanishesLaterIsNoFailure() {
        bench.ready("b0", "a", "b");

        fail("a", 6, lease -> {
            lease.opened();
            bench.clock.advance(Duration.ofSeconds(1));
            lease.backendLost();
        });

        assertThat(bench.ejections).isEmpty();
    }

    @Test
    void aWebsocketThatHoldsForASecondEndsTheCountAndOneThatDoesNotDoesNot() {
        bench.ready("b0", "a", "b");
        fail("a", 2);

        use("a", EndpointLease::opened);
        bench.clock.advance(Duration.ofSeconds(1));
        assertThat(status("a").failures()).isZero();
        fail("a", 2);
        use("a", EndpointLease::opened);
        bench.clock.advance(Duration.ofMillis(500));
        assertThat(bench.ejections).isEmpty();
        fail("a", 1);

        assertThat(bench.ejections).hasSize(1);
    }

    @Test
    void anAnswerEndsTheCountButNotThatOfAGatewayInFrontOfTheBackend() {
        bench.ready("b0", "a", "b");

        fail("a", 2);
        use("a", lease -> lease.answered(401));
        fail("a", 2);
        use("a", lease -> lease.answered(503));
        assertThat(bench.ejections).isEmpty();
        fail("a", 1);

        assertThat(bench.ejections).hasSize(1);
    }

    @Test
    void aStatusContainsConnectionsAndFailures() {
        bench.ready("b0", "a", "b");
        leaseOf("a");
        fail("a", 1);

        assertThat(status("a")).isEqualTo(new EndpointStatus(new Availability.Ready(), 1, 1));
        assertThat(bench.balancing
                        .status(Bench.source("b0"), TestEndpoints.terminating("a", true), Duration.ZERO)
                        .availability())
                .isEqualTo(new Availability.Terminating());
    }
}
