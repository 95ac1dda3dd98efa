// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What checks beside the loops cost others. */
class CheckWorkersTest {

    private static final int PLACES = 64;

    private final CountDownLatch held = new CountDownLatch(1);
    private final AtomicInteger run = new AtomicInteger();
    private final List<CheckWorkers> all = new ArrayList<>();

    @AfterEach
    void end() {
        held.countDown();
        all.forEach(CheckWorkers::close);
    }

    private CheckWorkers workers(int places, int mostOfOne) {
        CheckWorkers workers = new CheckWorkers("checks", 1, places, mostOfOne);
        all.add(workers);
        return workers;
    }

    private void hold() {
        try {
            held.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        run.incrementAndGet();
    }

    private boolean enters(CheckWorkers workers, String address) throws Exception {
        return workers.run(InetAddress.getByName(address), this::hold);
    }

    /** How many of 1,000 attempts find a place. */
    private int floods(CheckWorkers workers, String address) throws Exception {
        int entered = 0;
        for (int i = 0; i < 1000; i++) {
            entered += enters(workers, address) ? 1 : 0;
        }
        return entered;
    }

    @Test
    void aClientThatIsAloneGetsHalf() throws Exception {
        assertThat(floods(workers(PLACES, PLACES), "192.0.2.1")).isEqualTo(PLACES / 2);
    }

    @Test
    void ofAFloodOnlyWhatHasAPlaceWaitsAndAllOfItRuns() throws Exception {
        CheckWorkers workers = workers(PLACES, PLACES);
        int entered = floods(workers, "192.0.2.1");
        assertThat(entered).isEqualTo(PLACES / 2);

        held.countDown();

        await().until(() -> run.get() == entered);
        await().untilAsserted(() -> assertThat(floods(workers, "192.0.2.1")).isGreaterThanOrEqualTo(PLACES / 2));
    }

    @Test
    void noClientGetsMoreThanItsOwnBound() throws Exception {
        assertThat(floods(workers(PLACES, 4), "192.0.2.1")).isEqualTo(4);
    }

    @Test
    void whoFloodsFromAFewAddressesLeavesRoomForOthers() throws Exception {
        CheckWorkers workers = workers(PLACES, PLACES);
        for (int i = 0; i < 4; i++) {
            floods(workers, "192.0.2." + i);
        }

        assertThat(enters(workers, "198.51.100.1")).isTrue();
        assertThat(enters(workers, "2001:db8::1")).isTrue();
    }

    @Test
    void aSiteIsNoMoreThanOneClientHoweverManyAddressesItHas() throws Exception {
        CheckWorkers workers = workers(PLACES, 4);
        int entered = 0;
        for (int i = 0; i < 1000; i++) {
            entered += enters(workers, "2001:db8:1:" + Integer.toHexString(i) + "::1") ? 1 : 0;
        }

        assertThat(entered).isEqualTo(PLACES / 2);
        assertThat(enters(workers, "2001:db8:2::1")).isTrue();
        assertThat(enters(workers, "192.0.2.1")).isTrue();
    }

    @Test
    void aNeighbourInTheSameSiteFindsRoom() throws Exception {
        CheckWorkers workers = workers(PLACES, PLACES);
        floods(workers, "2001:db8:1:1::1");

        assertThat(enters(workers, "2001:db8:1:1::2")).as("the same /64").isFalse();
        assertThat(enters(workers, "2001:db8:1:2::1")).isTrue();
    }

    @Test
    void whoFloodsDelaysOthersByOneCheckOnly() throws Exception {
        CheckWorkers workers = workers(PLACES, PLACES);
        List<String> order = new CopyOnWriteArrayList<>();
        assertThat(enters(workers, "203.0.113.1")).isTrue();
        for (int i = 0; i < PLACES; i++) {
            workers.run(InetAddress.getByName("2001:db8:1:" + i + "::1"), () -> order.add("flood"));
        }
        assertThat(workers.run(InetAddress.getByName("192.0.2.1"), () -> order.add("other")))
                .isTrue();

        held.countDown();

        await().untilAsserted(() -> assertThat(order).hasSizeGreaterThan(PLACES / 4));
        assertThat(order.subList(0, 2)).contains("other");
    }

    @Test
    void manyClientsGetAllPlacesButNoMore() throws Exception {
        CheckWorkers workers = workers(PLACES, PLACES);
        List<Boolean> entered = new ArrayList<>();
        for (int i : IntStream.range(0, 200).toArray()) {
            entered.add(enters(workers, "192.0.2." + i));
        }

        assertThat(entered).filteredOn(each -> each).hasSize(PLACES);
    }

    @Test
    void whatFailsGivesItsPlaceBack() throws Exception {
        CheckWorkers workers = workers(1, 1);
        InetAddress client = InetAddress.getByName("192.0.2.1");

        for (int i = 0; i < 3; i++) {
            await().dontCatchUncaughtExceptions()
                    .until(() -> workers.run(client, () -> {
                        throw new IllegalStateException("a check that fails; the test expects it");
                    }));
        }

        await().dontCatchUncaughtExceptions().until(() -> enters(workers, "192.0.2.1"));
    }

    @Test
    void afterTheEndNothingRuns() throws Exception {
        CheckWorkers workers = workers(PLACES, PLACES);
        workers.close();

        assertThat(enters(workers, "192.0.2.1")).isFalse();
    }
}
