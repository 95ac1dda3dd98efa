// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.authz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.wsroute.proxy.testkit.AuthorizationService;
import dev.wsroute.proxy.testkit.ProxyTest;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** How fast WebSockets that are due are asked about. */
class RecheckQueueTest extends ProxyTest {

    private static final String OK = AuthorizationService.response("200 OK");

    @Test
    void fewAreAskedAboutAtATimeAndNewRequestsAreNotHeldUp() throws Exception {
        CountDownLatch held = new CountDownLatch(1);
        AuthorizationService service = open(AuthorizationService.start(
                (asked, out) -> asked.header("Cookie").equals("new")
                        ? AuthorizationService.saying(OK).answer(asked, out)
                        : AuthorizationService.holding(held, AuthorizationService.response("200 OK"))
                                .answer(asked, out)));
        ClientFixture client = open(new ClientFixture(service.address()));
        for (int i = 0; i < 100; i++) {
            client.watch("user=" + i, Duration.ofMillis(10));
        }

        await().untilAsserted(() -> assertThat(service.asked()).hasSize(RecheckQueue.AT_ONCE));
        assertThat(client.outcomeOf("new")).isEqualTo("allowed");
        assertThat(service.asked()).hasSize(RecheckQueue.AT_ONCE + 1);

        held.countDown();
        await().untilAsserted(() -> {
            Set<String> all = new HashSet<>();
            service.asked().forEach(asked -> all.add(asked.header("Cookie")));
            assertThat(all).hasSize(101);
        });
    }

    @Test
    void theRateIsBounded() throws Exception {
        List<Long> times = new CopyOnWriteArrayList<>();
        AuthorizationService service = open(AuthorizationService.start((asked, out) -> {
            times.add(System.nanoTime());
            return AuthorizationService.saying(OK).answer(asked, out);
        }));
        ClientFixture client = open(new ClientFixture(service.address()));
        long begun = System.nanoTime();
        for (int i = 0; i < 200; i++) {
            client.watch("user=" + i, Duration.ofMillis(1));
        }

        int enough = 500;
        await().untilAsserted(() -> assertThat(times).hasSizeGreaterThan(enough));

        // Apart from what a late timer makes up for.
        long least = (enough - 20) * RecheckQueue.INTERVAL.toNanos();
        assertThat(times.get(enough) - begun).isGreaterThan(least);
    }

    @Test
    void manyThatWereOpenedAtOnceAreSpread() throws Exception {
        List<Long> times = new CopyOnWriteArrayList<>();
        AuthorizationService service = open(AuthorizationService.start((asked, out) -> {
            times.add(System.nanoTime());
            return AuthorizationService.saying(OK).answer(asked, out);
        }));
        ClientFixture client = open(new ClientFixture(service.address()));
        long begun = System.nanoTime();
        int number = 50;
        for (int i = 0; i < number; i++) {
            client.watch("user=" + i, Duration.ofSeconds(2));
        }

        await().untilAsserted(() -> assertThat(times).hasSizeGreaterThanOrEqualTo(number));

        // The first come after half of the interval, and not all in its first tenth.
        assertThat(times.get(0) - begun).isGreaterThan(TimeUnit.MILLISECONDS.toNanos(999));
        assertThat(times.get(number - 1) - times.get(0)).isGreaterThan(TimeUnit.MILLISECONDS.toNanos(200));
    }
}
