// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.rebalance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wsroute.config.Rebalance;
import dev.wsroute.config.RuleConfig;
import dev.wsroute.config.RuleConfig.LoadBalancing;
import dev.wsroute.proxy.routing.EndpointSelector;
import dev.wsroute.proxy.testkit.Documents;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** When no connection moves to another endpoint. */
class RebalancerPausesTest extends RuleSimulation {

    @Test
    void whileEndpointsChangeNothingMoves() {
        EndpointSelector selector = rule("all", LoadBalancing.Type.LeastConnections, QUICK);
        ready("b0", "a");
        connect("all", selector, 100);
        for (int i = 0; i < 30; i++) {
            ready("b0", i % 2 == 0 ? new String[] {"a", "b"} : new String[] {"a", "c"});
            time.advance(Duration.ofSeconds(9));
        }
        assertThat(asked).isEmpty();

        time.advance(MINUTE);
        assertThat(asked).isNotEmpty();
    }

    @Test
    void inASlowStartNothingMoves() {
        EndpointSelector selector = rule(RuleConfig.named("all")
                .backends(List.of(Documents.listed("b0", 1)))
                .loadBalancing(
                        new LoadBalancing(LoadBalancing.Type.LeastConnections, Duration.ofMinutes(3), null, QUICK))
                .build());
        ready("b0", "a");
        connect("all", selector, 100);
        ready("b0", "a", "b");

        time.advance(Duration.ofMinutes(3).minusSeconds(1));
        assertThat(asked).isEmpty();
        time.advance(MINUTE);
        assertThat(asked).isNotEmpty();
    }

    @Test
    void whileAnEndpointIsEjectedNothingMoves() {
        EndpointSelector selector = rule("all", LoadBalancing.Type.LeastConnections, QUICK);
        ready("b0", "a");
        connect("all", selector, 100);
        ready("b0", "a", "b");
        eject(selector, "b");
        time.advance(Duration.ofSeconds(4));
        eject(selector, "b");

        // Each look finds it ejected again.
        for (int i = 0; i < 20; i++) {
            time.advance(Duration.ofSeconds(5));
            eject(selector, "b");
        }
        assertThat(asked).isEmpty();
    }

    @Test
    void youngConnectionsStay() {
        EndpointSelector selector =
                rule("all", LoadBalancing.Type.LeastConnections, new Rebalance(true, 25, 100, Duration.ofMinutes(10)));
        ready("b0", "a");
        connect("all", selector, 100);
        ready("b0", "a", "b");

        time.advance(Duration.ofMinutes(9));
        assertThat(asked).isEmpty();
        time.advance(Duration.ofMinutes(5));
        assertThat(asked).isNotEmpty();
    }

    @Test
    void anEndpointThatOtherRulesKeepBusyGetsNoneOfTheirClients() {
        RuleConfig all = config("all", LoadBalancing.Type.LeastConnections, QUICK);
        RuleConfig other = config("other", LoadBalancing.Type.LeastConnections, QUICK);
        apply(all, other);
        EndpointSelector first = balancing.selector("r", all);
        EndpointSelector second = balancing.selector("r", other);
        readyFor("all", "b0", "a", "b");
        readyFor("other", "b0", "a", "b");
        connect("all", onlyOn("a", first), 100);
        connect("other", onlyOn("b", second), 100);

        time.advance(Duration.ofMinutes(5));

        assertThat(asked).isEmpty();
    }

    @Test
    void aProxyThatShutsDownMovesNothing() {
        EndpointSelector selector = rule("all", LoadBalancing.Type.LeastConnections, QUICK);
        ready("b0", "a");
        connect("all", selector, 100);
        ready("b0", "a", "b");
        rebalancer.stop();
        time.advance(Duration.ofMinutes(5));

        assertThat(asked).isEmpty();
    }

    @Test
    void disabledNothingMoves() {
        EndpointSelector selector =
                rule("all", LoadBalancing.Type.LeastConnections, new Rebalance(false, null, 100, Duration.ZERO));
        ready("b0", "a");
        connect("all", selector, 100);
        ready("b0", "a", "b");
        time.advance(Duration.ofMinutes(5));

        assertThat(asked).isEmpty();
    }
}
