// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Clients that hold connections cannot keep others from being served. */
class EvictionTest extends AdminTest {

    private static final String LARGE = "x".repeat(1 << 20);

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "nothing at all | ''",
                "one byte | G",
                "half a head | 'GET /livez HTTP/1.1\r\nHo'",
                "a body that never comes | 'POST /livez HTTP/1.1\r\nContent-Length: 1000\r\n\r\n'",
                "a page that is not read | 'GET /large HTTP/1.1\r\n\r\n'"
            })
    void probesAreAnsweredWhileMoreConnectionsThanSlotsAreHeld(String kind, String sent) throws Exception {
        AdminServer server = started(
                server(slots(32, 8)).page("/large", Access.OPEN, query -> new Answer(200, "text/plain", LARGE)));
        for (int i = 0; i < 100; i++) {
            hold(server, "127.0.0." + (2 + i % 5), sent);
        }

        for (int i = 0; i < 21; i++) {
            assertThat(RawClient.get(server.address(), "/livez")).startsWith("HTTP/1.1 200 OK");
        }
    }

    private RawClient hold(AdminServer server, String from, String sent) throws IOException {
        RawClient peer = open(RawClient.connect(server.address(), from, 4096));
        try {
            return peer.send(sent);
        } catch (IOException reset) {
            return peer;
        }
    }

    @Test
    void oneAddressCannotEvictAnother() throws Exception {
        AdminServer server = started(server(slots(4, 8)));
        RawClient slow = hold(server, "127.0.0.2", "GET /livez HTTP/1.1\r\n");

        for (int i = 0; i < 50; i++) {
            hold(server, "127.0.0.3", "G");
        }
        await().until(() -> server.drops().evicted() == 47);

        assertThat(slow.send("\r\n").readToEnd()).startsWith("HTTP/1.1 200 OK");
    }

    @Test
    void theOldestConnectionOfAnAddressIsEvictedAndCounted() throws Exception {
        AdminServer server = started(server(slots(2, 8)));
        RawClient oldest = hold(server, "127.0.0.2", "G");
        hold(server, "127.0.0.2", "G");

        RawClient newest = hold(server, "127.0.0.2", "GET /livez HTTP/1.1\r\n\r\n");

        assertThat(newest.readToEnd()).startsWith("HTTP/1.1 200 OK");
        assertThat(oldest.isReset()).isTrue();
        assertThat(server.drops().evicted()).isEqualTo(1);
        assertThat(server.drops().tooSlow()).isZero();
    }

    @Test
    void aSlotIsReleasedWhenItsConnectionIsClosed() throws Exception {
        AdminServer server = started(server(slots(2, 8)));

        for (int i = 0; i < 20; i++) {
            RawClient.get(server.address(), "/livez");
        }
        hold(server, "127.0.0.2", "G");

        assertThat(RawClient.get(server.address(), "/livez")).startsWith("HTTP/1.1 200 OK");
        assertThat(server.drops().evicted()).isLessThan(20);
    }

    @Test
    void anIncompleteHeadIsResetAfterTheTimeoutAndCounted() throws Exception {
        AdminServer server = started(server(new AdminLimits(8, 8, 8192, 64, Duration.ofMillis(100), LONG)));

        RawClient peer = hold(server, "127.0.0.1", "GET /livez HTTP/1.1\r\nHo");

        assertThat(peer.isReset()).isTrue();
        assertThat(server.drops().tooSlow()).isEqualTo(1);
    }

    @Test
    void aReaderThatDoesNotReadItsPageInTimeIsResetAndCounted() throws Exception {
        AdminServer server = started(server(new AdminLimits(8, 8, 8192, 64, LONG, Duration.ofMillis(200)))
                .page("/large", Access.OPEN, query -> new Answer(200, "text/plain", LARGE.repeat(16))));

        hold(server, "127.0.0.1", "GET /large HTTP/1.1\r\n\r\n");

        await().until(() -> server.drops().tooSlow() == 1);
    }

    @Test
    void readersOfLargePagesAreEvictedByTheNextOne() throws Exception {
        AdminServer server = started(server(slots(64, 2))
                .page("/large", Access.OPEN, query -> new Answer(200, "text/plain", LARGE.repeat(16))));
        for (int i = 0; i < 10; i++) {
            hold(server, "127.0.0.2", "GET /large HTTP/1.1\r\n\r\n");
        }

        String page = RawClient.get(server.address(), "/large");

        assertThat(page).startsWith("HTTP/1.1 200 OK").endsWith("xxx").hasSizeGreaterThan(16 << 20);
        assertThat(server.drops().evicted()).isEqualTo(9);
    }

    @Test
    void aSlowPageDelaysNeitherProbesNorOtherPages() throws Exception {
        CountDownLatch stuck = new CountDownLatch(1);
        AdminServer server = started(server(slots(64, 8))
                .page("/stuck", Access.OPEN, query -> {
                    awaitQuietly(stuck);
                    return Answer.text(200, "at last");
                })
                .page("/other", Access.OPEN, query -> Answer.text(200, "other")));
        RawClient waiting = open(RawClient.connect(server.address())).send("GET /stuck HTTP/1.1\r\n\r\n");

        assertThat(RawClient.get(server.address(), "/livez")).endsWith("ok\n");
        assertThat(RawClient.get(server.address(), "/other")).endsWith("other\n");

        stuck.countDown();
        assertThat(waiting.readToEnd()).endsWith("at last\n");
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
