// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wsroute.e2e.client.Fleet;
import dev.wsroute.e2e.client.Fleet.Member;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import org.assertj.core.data.Percentage;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Backends are added, and clients of the full ones move to them. */
@Scenario
class RebalancingIT {

    private static final Duration REST = Duration.ofSeconds(25);

    @Test
    @DisplayName("400 clients of 2 backends spread over 4: each backend has its share to 15 percent, by 1012 only")
    void fourHundredClientsSpreadOverTwiceAsManyBackends(Space space) {
        spread(space, 400, 100);
    }

    @Test
    @Tag("full")
    @DisplayName("1,000 clients of 2 backends spread over 4: each backend has its share to 15 percent, by 1012 only")
    void aThousandClientsSpreadOverTwiceAsManyBackends(Space space) {
        spread(space, 1_000, 30);
    }

    private static void spread(Space space, int clients, int percentPerMinute) {
        EchoBackend backend = space.backend("chat", 2);
        Route route = space.apply(
                        "chat",
                        Spec.to("chat")
                                .rule("loadBalancing: {slowStart: 0s, rebalance: {enabled: true, thresholdPercent: 25,"
                                        + " percentPerMinute: " + percentPerMinute + ", minAge: 5s}}"))
                .awaitReady();
        Fleet fleet = space.fleet(route.uri(), clients);
        assertThat(Fleet.byBackend(fleet.members())).hasSize(2);

        backend.scale(4).awaitReady(4);

        List<Member> left = new ArrayList<>();
        awaitRest(fleet, left);
        int share = clients / 4;
        assertThat(Fleet.byBackend(fleet.members()))
                .hasSize(4)
                .allSatisfy((pod, count) -> assertThat(count).as(pod).isCloseTo(share, Percentage.withPercentage(15)));
        assertThat(left)
                .hasSizeLessThan(clients)
                .allSatisfy(member -> assertThat(
                                Objects.requireNonNull(member.connection().closure())
                                        .code())
                        .isEqualTo(1012));
        assertThat(left).hasSizeGreaterThanOrEqualTo(clients * 4 / 10);
    }

    /** Waits until connections were closed, and then none for longer than from one look of the proxy to its second next. */
    private static void awaitRest(Fleet fleet, List<Member> left) {
        AtomicLong last = new AtomicLong(System.nanoTime());
        Awaitility.await("an end of the closes")
                .atMost(Duration.ofMinutes(5))
                .pollInterval(Duration.ofMillis(250))
                .until(() -> {
                    List<Member> ended = fleet.reconnect();
                    if (!ended.isEmpty()) {
                        left.addAll(ended);
                        last.set(System.nanoTime());
                    }
                    return !left.isEmpty() && System.nanoTime() - last.get() > REST.toNanos();
                });
    }
}
