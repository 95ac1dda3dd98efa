// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.rebalance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wsroute.config.RuleConfig;
import dev.wsroute.config.RuleConfig.LoadBalancing;
import dev.wsroute.proxy.routing.EndpointSelector;
import dev.wsroute.proxy.testkit.Documents;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Which connections move to other endpoints, and how fast. */
class RebalancerTest extends RuleSimulation {

    @Test
    void tenThousandConnectionsMoveToTwoNewEndpointsAtTheRateAndNoClientIsAskedTwiceInAWhile() {
        EndpointSelector selector = rule("all", LoadBalancing.Type.LeastConnections, TWO_PERCENT);
        ready("b0", "a", "b");
        connect("all", selector, 10_000);
        time.advance(Duration.ofMinutes(10));
        assertThat(asked).isEmpty();

        ready("b0", "a", "b", "c", "d");
        // 4,700 have to move, 200 a minute; every sixth client draws two of the full endpoints and has to move again.
        List<Integer> perMinute = new ArrayList<>();
        for (int minute = 0; minute < 30; minute++) {
            int before = asked.size();
            time.advance(MINUTE);
            perMinute.add(asked.size() - before);
        }

        assertThat(counts())
                .hasSize(4)
                .allSatisfy((id, count) -> assertThat(count).as(id).isBetween(2125, 2875));
        assertThat(perMinute).allSatisfy(count -> assertThat(count).isLessThanOrEqualTo(210));
        assertThat(asked.size()).isBetween(4600, 5900);
        assertThat(asked)
                .allSatisfy(client -> assertThat(client.sinceAskedBefore())
                        .isGreaterThan(Duration.ofMinutes(5).toNanos()));

        int done = asked.size();
        time.advance(Duration.ofHours(1));
        assertThat(asked).as("it has come to rest").hasSize(done);
        assertThat(registry.size()).isEqualTo(10_000);
    }

    @Test
    void belowTheThresholdNothingMovesAndBeyondItTheEndpointEndsWellBelow() {
        EndpointSelector selector = rule("all", LoadBalancing.Type.RoundRobin, QUICK);
        ready("b0", "a", "b");
        connect("all", selector, 200);
        time.advance(MINUTE);
        List<Client> onB = on("b");
        onB.subList(0, 40).forEach(Client::leave);
        time.advance(MINUTE);
        assertThat(counts()).isEqualTo(Map.of("a", 100, "b", 60));
        assertThat(asked).isEmpty();

        onB.subList(40, 50).forEach(Client::leave);
        time.advance(MINUTE);
        assertThat(asked).isNotEmpty();
        assertThat(counts().get("a")).isLessThanOrEqualTo(80);
    }

    @Test
    void clientsThatComeBackToTheSameEndpointAreLeftAloneForAnHour() {
        EndpointSelector selector = rule("all", LoadBalancing.Type.LeastConnections, QUICK);
        ready("b0", "a");
        connect("all", onlyOn("a", selector), 100);
        ready("b0", "a", "b");
        time.advance(Duration.ofMinutes(20));
        int tried = asked.size();
        assertThat(tried).isBetween(50, 250);

        time.advance(Duration.ofMinutes(40));
        assertThat(asked.size()).isEqualTo(tried);
        ready("b0", "a", "b", "c");
        time.advance(Duration.ofMinutes(1));
        assertThat(asked.size()).as("another endpoint is a reason to try again").isGreaterThan(tried);
    }

    @Test
    void weightsAreFair() {
        EndpointSelector selector = rule(RuleConfig.named("all")
                .backends(List.of(Documents.listed("b0", 3), Documents.listed("b1", 1)))
                .loadBalancing(balanced(LoadBalancing.Type.LeastConnections, QUICK))
                .build());
        ready("b0", "a");
        ready("b1", "b");
        connect("all", selector, 400);
        time.advance(Duration.ofMinutes(5));

        assertThat(asked).isEmpty();
        assertThat(counts().get("a")).isBetween(295, 305);
    }
}
