// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.drain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.wsroute.proxy.testkit.ManyClients;
import dev.wsroute.proxy.testkit.ProxyTest;
import dev.wsroute.proxy.testkit.RecordedConnection;
import dev.wsroute.proxy.testkit.TestProxy;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Invariant I4 with real clients, measured by them. */
@Tag("full")
class SheddingLoadTest extends ProxyTest {

    private static final int CLIENTS = 2000;
    private static final int SECONDS = 20;

    private final ScheduledExecutorService scheduler = Executors.newSingleThreadScheduledExecutor();

    @AfterEach
    void stop() {
        scheduler.shutdownNow();
    }

    @Test
    void twoThousandClientsAllSeeClose1012AndNoSecondCarriesMoreThanItsShareAndAThird() throws Exception {
        ManyClients crowd = open(new ManyClients());
        TestProxy proxy = open(TestProxy.options().to(crowd.backend()).start());
        crowd.connect(CLIENTS, proxy.address());
        await().until(() -> proxy.connections().size() == CLIENTS && crowd.opened() == CLIENTS);

        PacedShedder shedder =
                new PacedShedder(scheduler, proxy.connections(), () -> Duration.ofSeconds(60), ShedObserver.NONE);
        shedder.shed(
                proxy.connections().matching(any -> true), CloseReason.BACKEND_LEAVING, Duration.ofSeconds(SECONDS));
        await().atMost(Duration.ofSeconds(SECONDS + 20)).until(() -> crowd.ended() == CLIENTS);

        assertThat(crowd.codes()).hasSize(CLIENTS).containsOnly(1012);
        assertThat(RecordedConnection.mostInASecond(crowd.moments()))
                .isLessThanOrEqualTo((int) (1.3 * CLIENTS / SECONDS));
        await().until(() -> proxy.connections().size() == 0);
    }
}
