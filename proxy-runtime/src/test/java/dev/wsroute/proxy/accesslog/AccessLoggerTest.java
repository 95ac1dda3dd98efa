// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.accesslog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.wsroute.config.AccessLogConfig;
import dev.wsroute.config.AccessLogConfig.Format;
import dev.wsroute.proxy.drain.CloseReason;
import dev.wsroute.proxy.metrics.HandshakeTimes;
import dev.wsroute.proxy.metrics.TunnelOutcome;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class AccessLoggerTest {

    private static final long MANY = 1_000_000;
    private static final Duration GATHERING = Duration.ofMillis(20);

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private volatile AccessLogConfig config = AccessLogConfig.DEFAULT;
    private final AccessLogger log = new AccessLogger(out, () -> config);

    @AfterEach
    void close() {
        log.close();
    }

    @Test
    void aPlainExchangeIsALineOfJson() throws Exception {
        log.log(Entries.request("/ws?x=1", null));

        JsonNode line = new ObjectMapper().readTree(lines(1).get(0));
        assertThat(line.path("event").asText()).isEqualTo("request");
        assertThat(line.path("log").asText()).isEqualTo("access");
        assertThat(line.path("time").asText()).isEqualTo("1970-01-01T00:00:01.500Z");
        assertThat(line.path("peer").asText()).isEqualTo("127.0.0.1:5000");
        assertThat(line.path("requestId").asText()).isEqualTo("4f1c");
        assertThat(line.path("target").asText()).isEqualTo("/ws?x=1");
        assertThat(line.path("status").asInt()).isEqualTo(404);
        assertThat(line.path("durationMillis").asInt()).isEqualTo(1500);
        assertThat(line.has("backend")).isFalse();
        assertThat(line.has("messagesIn")).isFalse();
    }

    @Test
    void aWebsocketIsALineWhenItOpensAndOneWhenItEnds() throws Exception {
        log.log(Entries.websocket(null));
        log.log(Entries.websocket(new AccessEntry.TunnelTotals(
                1, 20, 3, 40, 5_000_000, 1012, CloseReason.BACKEND_LEAVING, TunnelOutcome.PROXY_CLOSED)));

        List<String> lines = lines(2);
        JsonNode opened = new ObjectMapper().readTree(lines.get(0));
        assertThat(opened.path("event").asText()).isEqualTo("open");
        assertThat(opened.path("status").asInt()).isEqualTo(101);
        assertThat(opened.path("rule").asText()).isEqualTo("all");
        assertThat(opened.path("subprotocol").asText()).isEqualTo("chat.v2");
        assertThat(opened.path("connectMicros").asInt()).isEqualTo(1000);
        assertThat(opened.path("upgradeMicros").asInt()).isEqualTo(2000);
        assertThat(opened.has("end")).isFalse();
        JsonNode closed = new ObjectMapper().readTree(lines.get(1));
        assertThat(closed.path("event").asText()).isEqualTo("close");
        assertThat(closed.path("bytesIn").asInt()).isEqualTo(20);
        assertThat(closed.path("messagesOut").asInt()).isEqualTo(3);
        assertThat(closed.path("closingMillis").asInt()).isEqualTo(5);
        assertThat(closed.path("closeCode").asInt()).isEqualTo(1012);
        assertThat(closed.path("closeReason").asText()).isEqualTo("backend_leaving");
        assertThat(closed.path("initiator").asText()).isEqualTo("proxy");
        assertThat(closed.path("end").asText()).isEqualTo("proxy_closed");
    }

    @Test
    void wordsAreForPeople() {
        config = new AccessLogConfig(true, Format.Text);
        log.log(Entries.websocket(
                new AccessEntry.TunnelTotals(1, 20, 3, 40, 5_000_000, 1000, null, TunnelOutcome.CLIENT_CLOSED)));

        assertThat(lines(1).get(0))
                .endsWith("Z close 127.0.0.1:5000 \"GET chat.example.com/ws\" 101 1500ms apps/chat all"
                        + " service/chat:ws 10.0.0.1:80 in=1/20B out=3/40B client_closed 1000");
    }

    @Test
    void nobodyCanForgeALineOrAPartOfOne() throws Exception {
        String evil = "/\r\n{\"event\":\"close\"}\u2028\u0085\u009b31m\u007f\" \\";
        log.log(Entries.request(evil, evil));
        String json = lines(1).get(0);
        config = new AccessLogConfig(true, Format.Text);
        log.log(Entries.request(evil, evil));
        String text = lines(2).get(1);

        assertThat(json).matches("[ -~]*");
        assertThat(new ObjectMapper().readTree(json).path("target").asText()).isEqualTo(evil);
        assertThat(text)
                .endsWith("Z request 127.0.0.1:5000 \"GET chat.example.com/??{?event?:?close?}???31m?? \\\" 404 1500ms"
                        + " - - - - (/??{?event?:?close?}???31m?? \\)");
    }

    @Test
    void aTextOfAnyLengthIsALineOfABoundedOne() {
        log.log(Entries.request("/" + "x".repeat(1_000_000), null));

        assertThat(lines(1).get(0)).hasSizeLessThan(4096);
    }

    @Test
    void itIsTurnedOffAndOnWhileItRuns() {
        config = new AccessLogConfig(false, Format.JSON);
        log.log(Entries.request("/unseen", null));
        config = new AccessLogConfig(true, Format.JSON);
        log.log(Entries.request("/seen", null));

        assertThat(lines(1)).singleElement().asString().contains("/seen");
        assertThat(log.dropped()).isZero();
    }

    @Test
    void aBlockedOutputBlocksNoThreadAndDroppedLinesAreCounted() throws Exception {
        CountDownLatch taking = new CountDownLatch(1);
        StuckOutput stuck = new StuckOutput(taking);
        AccessLogger small = new AccessLogger(stuck, () -> config, 3, MANY, GATHERING);
        small.log(Entries.request("/first", null));
        stuck.reached.await();

        for (int i = 0; i < 10; i++) {
            small.log(Entries.request("/more", null));
        }

        assertThat(small.dropped()).isEqualTo(8);
        taking.countDown();
        small.close();
        assertThat(stuck.text().lines()).hasSize(3);
    }

    @Test
    void itDoesNotPauseWhileMoreWaitsThanOneWriteTakes() {
        CountDownLatch queued = new CountDownLatch(1);
        Thread test = Thread.currentThread();
        try (AccessLogger pausing = new AccessLogger(
                out,
                () -> {
                    if (Thread.currentThread() != test) {
                        pass(queued);
                    }
                    return config;
                },
                1000,
                10 * MANY,
                Duration.ofHours(1))) {
            for (int i = 0; i < 500; i++) {
                pausing.log(Entries.request("/" + "x".repeat(1000), null));
            }
            queued.countDown();

            assertThat(lines(500)).hasSize(500);
        }
    }

    @Test
    void fewLargeEntriesFillTheQueueAsManySmallOnesDo() throws Exception {
        CountDownLatch taking = new CountDownLatch(1);
        StuckOutput stuck = new StuckOutput(taking);
        AccessLogger small = new AccessLogger(stuck, () -> config, 1000, 10_000, GATHERING);
        small.log(Entries.request("/first", null));
        stuck.reached.await();

        for (int i = 0; i < 10; i++) {
            small.log(Entries.request("/" + "x".repeat(2000), null));
        }

        assertThat(small.dropped()).isEqualTo(7);
        taking.countDown();
        small.close();
        assertThat(stuck.text().lines()).hasSize(4);
    }

    @Test
    void theNumberOfDroppedLinesIsLoggedOnceTheOutputContinues() throws Exception {
        CountDownLatch taking = new CountDownLatch(1);
        StuckOutput stuck = new StuckOutput(taking);
        try (AccessLogger small = new AccessLogger(stuck, () -> config, 2, MANY, GATHERING)) {
            small.log(Entries.request("/first", null));
            stuck.reached.await();
            for (int i = 0; i < 10; i++) {
                small.log(Entries.request("/more", null));
            }
            ListAppender<ILoggingEvent> said = new ListAppender<>();
            said.start();
            Logger logger = (Logger) LoggerFactory.getLogger(AccessLogger.class);
            logger.addAppender(said);
            try {
                taking.countDown();

                await().until(() -> !said.list.isEmpty());
                small.log(Entries.request("/last", null));
                await().until(() -> stuck.text().contains("/last"));
            } finally {
                logger.detachAppender(said);
            }
            assertThat(said.list)
                    .singleElement()
                    .asString()
                    .contains("Dropped 9 access log line(s) because standard output was too slow or blocked");
        }
    }

    @Test
    void anOutputThatFailsIsCountedAndTriedAgain() {
        OutputStream broken = new OutputStream() {
            private boolean failed;

            @Override
            public void write(int b) throws IOException {
                write(new byte[] {(byte) b}, 0, 1);
            }

            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                if (!failed) {
                    failed = true;
                    throw new IOException("disk full");
                }
                out.write(bytes, offset, length);
            }
        };
        try (AccessLogger logger = new AccessLogger(broken, () -> config)) {
            logger.log(Entries.request("/lost", null));
            await().until(() -> logger.dropped() == 1);
            logger.log(Entries.request("/kept", null));

            assertThat(lines(1)).singleElement().asString().contains("/kept");
        }
    }

    @Test
    @SuppressWarnings("NullAway")
    void anEntryThatCannotBeFormattedDoesNotAffectLaterOnes() {
        config = new AccessLogConfig(true, Format.Text);
        log.log(Entries.request(null, null));
        log.log(Entries.request("/kept", null));

        assertThat(lines(1)).singleElement().asString().contains("/kept");
        assertThat(log.dropped()).isEqualTo(1);
    }

    @Test
    void whatWaitsIsWrittenBeforeTheEnd() {
        for (int i = 0; i < 1000; i++) {
            log.log(Entries.request("/" + i, null));
        }
        log.close();

        assertThat(out.toString(StandardCharsets.UTF_8).lines()).hasSize(1000);
    }

    private static void pass(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private List<String> lines(int count) {
        await().until(() -> out.toString(StandardCharsets.UTF_8).lines().count() >= count);
        return out.toString(StandardCharsets.UTF_8).lines().toList();
    }

    private static final class StuckOutput extends OutputStream {
        private final CountDownLatch taking;
        private final CountDownLatch reached = new CountDownLatch(1);
        private final ByteArrayOutputStream taken = new ByteArrayOutputStream();

        StuckOutput(CountDownLatch taking) {
            this.taking = taking;
        }

        @Override
        public void write(int b) {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) {
            reached.countDown();
            pass(taking);
            taken.write(bytes, offset, length);
        }

        String text() {
            return taken.toString(StandardCharsets.UTF_8);
        }
    }

    /** Lines to write. */
    private static final class Entries {

        private Entries() {}

        static AccessEntry request(String target, @Nullable String detail) {
            return new AccessEntry(
                    0,
                    1_500_000_000L,
                    "127.0.0.1:5000",
                    "127.0.0.1:5000",
                    "4f1c",
                    "GET",
                    "chat.example.com",
                    target,
                    null,
                    404,
                    null,
                    null,
                    null,
                    null,
                    detail,
                    null,
                    null);
        }

        static AccessEntry websocket(AccessEntry.@Nullable TunnelTotals tunnel) {
            return new AccessEntry(
                    0,
                    1_500_000_000L,
                    "127.0.0.1:5000",
                    "127.0.0.1:5000",
                    "4f1c",
                    "GET",
                    "chat.example.com",
                    "/ws",
                    null,
                    101,
                    "apps/chat",
                    "all",
                    "service/chat:ws",
                    "10.0.0.1:80",
                    null,
                    new AccessEntry.Handshake(new HandshakeTimes(1_000_000, 2_000_000), "chat.v2"),
                    tunnel);
        }
    }
}
