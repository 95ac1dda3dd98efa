// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.accesslog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.wsroute.config.AccessLogConfig;
import dev.wsroute.config.AccessLogConfig.Format;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** How lines are queued and written. */
class AccessLoggerTest {

    private static final long MANY = 1_000_000;
    private static final Duration GATHERING = Duration.ofMillis(20);
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private volatile AccessLogConfig config = AccessLogConfig.DEFAULT;
    private final AccessLogger log = new AccessLogger(out, () -> config);

    @AfterEach
    void close() {
        log.close();
    }

    @Test
    void itIsTurnedOffAndOnWhileItRuns() {
        config = new AccessLogConfig(false, Format.JSON);
        log.log(AccessEntries.request("/unseen", null));
        config = new AccessLogConfig(true, Format.JSON);
        log.log(AccessEntries.request("/seen", null));

        assertThat(lines(1)).singleElement().asString().contains("/seen");
        assertThat(log.dropped()).isZero();
    }

    @Test
    void aBlockedOutputBlocksNoThreadAndDroppedLinesAreCounted() throws Exception {
        CountDownLatch taking = new CountDownLatch(1);
        StuckOutput stuck = new StuckOutput(taking);
        AccessLogger small = new AccessLogger(stuck, () -> config, 3, MANY, GATHERING, PATIENCE);
        small.log(AccessEntries.request("/first", null));
        stuck.reached.await();

        for (int i = 0; i < 10; i++) {
            small.log(AccessEntries.request("/more", null));
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
                Duration.ofHours(1),
                PATIENCE)) {
            for (int i = 0; i < 500; i++) {
                pausing.log(AccessEntries.request("/" + "x".repeat(1000), null));
            }
            queued.countDown();

            assertThat(lines(500)).hasSize(500);
        }
    }

    @Test
    void fewLargeEntriesFillTheQueueAsManySmallOnesDo() throws Exception {
        CountDownLatch taking = new CountDownLatch(1);
        StuckOutput stuck = new StuckOutput(taking);
        AccessLogger small = new AccessLogger(stuck, () -> config, 1000, 10_000, GATHERING, PATIENCE);
        small.log(AccessEntries.request("/first", null));
        stuck.reached.await();

        for (int i = 0; i < 10; i++) {
            small.log(AccessEntries.request("/" + "x".repeat(2000), null));
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
        try (AccessLogger small = new AccessLogger(stuck, () -> config, 2, MANY, GATHERING, PATIENCE)) {
            small.log(AccessEntries.request("/first", null));
            stuck.reached.await();
            for (int i = 0; i < 10; i++) {
                small.log(AccessEntries.request("/more", null));
            }
            ListAppender<ILoggingEvent> said = new ListAppender<>();
            said.start();
            Logger logger = (Logger) LoggerFactory.getLogger(AccessLogger.class);
            logger.addAppender(said);
            try {
                taking.countDown();

                await().until(() -> !said.list.isEmpty());
                small.log(AccessEntries.request("/last", null));
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
            logger.log(AccessEntries.request("/lost", null));
            await().until(() -> logger.dropped() == 1);
            logger.log(AccessEntries.request("/kept", null));

            assertThat(lines(1)).singleElement().asString().contains("/kept");
        }
    }

    @Test
    @SuppressWarnings("NullAway")
    void anEntryThatCannotBeFormattedDoesNotAffectLaterOnes() {
        config = new AccessLogConfig(true, Format.Text);
        log.log(AccessEntries.request(null, null));
        log.log(AccessEntries.request("/kept", null));

        assertThat(lines(1)).singleElement().asString().contains("/kept");
        assertThat(log.dropped()).isEqualTo(1);
    }

    @Test
    void whatWaitsIsWrittenBeforeTheEnd() {
        AccessLogger patient = new AccessLogger(out, () -> config, 1000, MANY, GATHERING, PATIENCE);
        for (int i = 0; i < 1000; i++) {
            patient.log(AccessEntries.request("/" + i, null));
        }
        patient.close();

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
}
