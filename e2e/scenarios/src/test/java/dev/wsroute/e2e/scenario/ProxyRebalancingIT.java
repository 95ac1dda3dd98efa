// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.wsroute.config.ProxyReport;
import dev.wsroute.e2e.client.Fleet;
import dev.wsroute.e2e.client.Fleet.Member;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Proxies are added, and clients of the full ones move to them. */
@Scenario
class ProxyRebalancingIT {

    /** So few that a load balancer that chooses at random makes a difference of some 15 percent by itself. */
    private static final int CLIENTS = 200;

    private static final ObjectMapper MAPPER = new ObjectMapper();

    /** Longer than from one look of a proxy at the reports to its second next. */
    private static final Duration REST = Duration.ofSeconds(55);

    @Test
    @DisplayName("200 clients of 2 proxies spread over 4: no proxy has 25 percent more than its share, by 1012 only")
    void clientsSpreadOverTwiceAsManyProxies(Space space) {
        space.backend("chat", 1);
        Spec spec = Spec.to("chat")
                .proxy("rebalance: {enabled: true, thresholdPercent: 25, percentPerMinute: 100, minAge: 5s}");
        Route route = space.apply("chat", spec.replicas(2)).awaitReady();
        Fleet fleet = space.fleet(route.uri(), CLIENTS);
        assertThat(fleet.members()).hasSize(CLIENTS);

        route.apply(spec.replicas(4));
        route.await(
                "4 proxies", current -> current.getStatus().proxies().summary().equals("4/4"));

        List<Member> left = new ArrayList<>();
        awaitRest(fleet, left);
        assertThat(reports(space, route))
                .containsOnlyKeys(route.proxyNames())
                .allSatisfy((pod, report) ->
                        // The upper bound is the threshold, at which closing begins. Below, the load balancer's chance
                        // counts.
                        assertThat(report.connections()).as(pod).isBetween(CLIENTS / 8L, CLIENTS / 4 * 5 / 4L));
        assertThat(left)
                .hasSizeGreaterThanOrEqualTo(CLIENTS * 3 / 10)
                .allSatisfy(member -> assertThat(
                                Objects.requireNonNull(member.connection().closure())
                                        .code())
                        .isEqualTo(1012));
    }

    /** Waits until connections were closed, and then none for a while. */
    private static void awaitRest(Fleet fleet, List<Member> left) {
        AtomicLong last = new AtomicLong(System.nanoTime());
        Awaitility.await("an end of the closes")
                .atMost(Duration.ofMinutes(6))
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

    private static Map<String, ProxyReport> reports(Space space, Route route) {
        Map<String, ProxyReport> reports = new TreeMap<>();
        space.client()
                .configMaps()
                .inNamespace(space.namespace())
                .withName(route.proxyName() + "-report")
                .require()
                .getData()
                .forEach((pod, text) -> reports.put(pod, parse(text)));
        return reports;
    }

    private static ProxyReport parse(String text) {
        try {
            return MAPPER.readValue(text, ProxyReport.class);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }
}
