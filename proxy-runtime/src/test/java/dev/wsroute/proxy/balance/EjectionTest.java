// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.balance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wsroute.proxy.balance.EndpointStatus.Availability;
import dev.wsroute.proxy.routing.EndpointLease;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** When an endpoint is ejected, and for how long. */
class EjectionTest extends EjectionFixture {

    @Test
    void threeFailuresInARowLeaveAnEndpointOutForFiveSeconds() {
        bench.ready("b0", "a", "b", "c");

        fail("a", 2);
        assertThat(Bench.targets(selector, 300)).containsKey("a");
        fail("a", 1);

        assertThat(bench.ejections).containsExactly("a of b0 for 5 s");
        assertThat(Bench.targets(selector, 300)).containsOnlyKeys("b", "c");
        assertThat(bench.balancing.ejected("r", "b0")).isEqualTo(1);
        assertThat(status("a")).isEqualTo(new EndpointStatus(new Availability.Ejected(Duration.ofSeconds(5)), 0, 3));
        bench.clock.advance(Duration.ofSeconds(5));
        assertThat(Bench.targets(selector, 300)).containsKey("a");
        assertThat(bench.balancing.ejected("r", "b0")).isZero();
    }

    @Test
    void theNextEjectionNeedsNewFailuresAndLastsTwiceAsLong() {
        bench.ready("b0", "a", "b");
        for (int round = 0; round < 2; round++) {
            for (int client = 1; client <= 3; client++) {
                fail("a", 5, lease -> {});
                use("a", Bench.request().from(client("203.0.113." + client)), EndpointLease::upgradeFailed);
            }
            bench.clock.advance(Duration.ofMinutes(1));
            fail("a", 5, EndpointLease::upgradeFailed);
        }

        assertThat(bench.ejections).containsExactly("a of b0 for 5 s", "a of b0 for 10 s");
    }

    @Test
    void anEndpointThatFailsAgainIsLeftOutTwiceAsLongAtOnceUpToFiveMinutes() {
        bench.ready("b0", "a", "b");
        fail("a", 3);

        for (int i = 0; i < 8; i++) {
            bench.clock.advance(Duration.ofMinutes(5));
            fail("a", 1);
        }

        assertThat(bench.ejections)
                .containsExactly(
                        "a of b0 for 5 s",
                        "a of b0 for 10 s",
                        "a of b0 for 20 s",
                        "a of b0 for 40 s",
                        "a of b0 for 80 s",
                        "a of b0 for 160 s",
                        "a of b0 for 300 s",
                        "a of b0 for 300 s",
                        "a of b0 for 300 s");
        bench.clock.advance(Duration.ofMinutes(5));
        use("a", EndpointLease::opened);
        bench.clock.advance(Duration.ofSeconds(1));
        fail("a", 3);
        assertThat(bench.ejections).endsWith("a of b0 for 5 s");
    }

    @Test
    void whatFailsWhileItIsLeftOutDoesNotLengthenIt() {
        bench.ready("b0", "a", "b");
        EndpointLease late = leaseOf("a");
        fail("a", 3);

        late.connectFailed();
        bench.clock.advance(Duration.ofSeconds(5));

        assertThat(status("a").availability()).isEqualTo(new Availability.Ready());
        assertThat(bench.ejections).hasSize(1);
    }
}
