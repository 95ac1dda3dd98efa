// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.http.client;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.wsroute.proxy.metrics.TlsFailure;
import dev.wsroute.proxy.testkit.RecordingMetrics;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class HandshakeFailuresTest {

    private final RecordingMetrics metrics = new RecordingMetrics();
    private final Logger logger = (Logger) LoggerFactory.getLogger(HandshakeFailures.class);
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();

    @BeforeEach
    void listen() {
        log.start();
        logger.setLevel(Level.INFO);
        logger.addAppender(log);
    }

    @AfterEach
    void stopListening() {
        logger.detachAppender(log);
        logger.setLevel(null);
    }

    @Test
    void eachFailureIsCountedAndOneLineAMinuteIsLogged() {
        HandshakeFailures failures = new HandshakeFailures(metrics);
        for (int i = 0; i < 100; i++) {
            failures.failed(TlsFailure.PROTOCOL, "wss", new InetSocketAddress("192.0.2.1", 4711), "a broken record");
        }

        assertThat(metrics.events()).hasSize(100).containsOnly("TLS failed: protocol");
        assertThat(log.list.stream().filter(line -> line.getLevel().isGreaterOrEqual(Level.INFO)))
                .singleElement()
                .satisfies(line -> assertThat(line.getFormattedMessage())
                        .isEqualTo("1 TLS handshake(s) failed; the last one with /192.0.2.1:4711 on listener 'wss'"
                                + " (protocol): a broken record"));
    }
}
