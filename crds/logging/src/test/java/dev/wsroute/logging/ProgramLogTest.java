// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.logging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.ConnectException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

class ProgramLogTest {

    private static final String EVIL = "no\r\n12:00:00.000 INFO  forged \u001b[2J\u2028\u009b\u007f\u202e";
    private static final String SHOWN = "no\\r\\n12:00:00.000 INFO  forged \\u001b[2J\\u2028\\u009b\\u007f\\u202e";

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final Logger log = LoggerFactory.getLogger("dev.wsroute.Test");

    @Test
    void aMessageCannotForgeALineOfText() {
        logging(LogFormat.text, streams -> log.info("Refused: {}", EVIL));

        assertThat(lines())
                .singleElement()
                .asString()
                .matches("\\d\\d:\\d\\d:\\d\\d\\.\\d{3} INFO  .*")
                .endsWith("Refused: " + SHOWN);
    }

    @Test
    void theMessageOfAnExceptionOrItsCauseCannotForgeALine() {
        IllegalStateException outer = new IllegalStateException(EVIL, new IllegalArgumentException(EVIL));
        outer.addSuppressed(new IllegalStateException(EVIL));
        logging(LogFormat.text, streams -> log.error("Failed", outer));

        assertThat(lines())
                .allMatch(line -> line.contains(" ERROR Failed") || line.matches("(\t|Caused by: |java\\.lang\\.).*"))
                .contains("java.lang.IllegalStateException: " + SHOWN)
                .contains("\tSuppressed: java.lang.IllegalStateException: " + SHOWN)
                .contains("Caused by: java.lang.IllegalArgumentException: " + SHOWN)
                .anyMatch(line -> line.startsWith("\tat dev.wsroute.logging.ProgramLogTest."));
    }

    @Test
    void jsonIsOneLineOfPrintableAscii() throws Exception {
        logging(LogFormat.json, streams -> log.warn("Refused: {}", EVIL, new IllegalStateException(EVIL)));

        assertThat(lines()).singleElement().asString().matches("[ -~]*");
        JsonNode line = new ObjectMapper().readTree(lines().get(0));
        assertThat(line.path("message").asText()).isEqualTo("Refused: " + EVIL);
        assertThat(line.path("level").asText()).isEqualTo("WARN");
        assertThat(line.path("logger_name").asText()).isEqualTo("dev.wsroute.Test");
        assertThat(line.path("stack_trace").asText()).contains("IllegalStateException: " + EVIL);
    }

    @Test
    void aLongMessageIsALineOfBoundedLength() {
        IllegalStateException large = new IllegalStateException("x".repeat(1_000_000), new StackOverflowError());
        logging(LogFormat.json, streams -> {
            log.error("x".repeat(1_000_000), large);
            configureOn(streams, LogFormat.text);
            log.error("x".repeat(1_000_000), large);
        });

        assertThat(out.size()).isBetween(4 * ProgramLog.MAX_TEXT, 6 * ProgramLog.MAX_TEXT);
    }

    @Test
    void aLineOfTextNamesItsSubject() {
        try (StandardStreams streams = StandardStreams.to(out)) {
            ProgramLog.configure(LogFormat.text, Level.INFO, Level.WARN, event -> "apps/chat", streams);
            log.info("Reconciled");
        }

        assertThat(lines()).singleElement().asString().endsWith(" INFO  apps/chat Reconciled");
    }

    @Test
    void librariesHaveTheirOwnLevel() {
        logging(LogFormat.text, streams -> {
            LoggerFactory.getLogger("io.netty.Test").info("unseen");
            LoggerFactory.getLogger("io.netty.Test").warn("seen");
        });

        assertThat(lines()).singleElement().asString().endsWith("WARN  seen");
    }

    @Test
    void aLibrarysWarningAboutABrokenConnectionIsOneLine() {
        IOException refused = new ConnectException("Connection refused\nforged");
        logging(
                LogFormat.text,
                streams -> LoggerFactory.getLogger("io.fabric8.Test")
                        .warn("Retrying...", new IllegalStateException("An error has occurred.", refused)));

        assertThat(lines())
                .singleElement()
                .asString()
                .endsWith("WARN  Retrying...: java.net.ConnectException: Connection refused\\nforged");
    }

    @Test
    void allOtherStackTracesAreKept() {
        IOException refused = new ConnectException();
        logging(LogFormat.text, streams -> {
            log.warn("Ours", refused);
            LoggerFactory.getLogger("io.fabric8.Test").error("An error", refused);
            LoggerFactory.getLogger("io.fabric8.Test").warn("A fault", new IllegalStateException());
        });

        assertThat(lines().stream().filter(line -> line.startsWith("java.")))
                .containsExactly(
                        "java.net.ConnectException", "java.net.ConnectException", "java.lang.IllegalStateException");
    }

    @Test
    void aLineThatCannotBeFormattedDoesNotDisturbTheCaller() {
        try (StandardStreams streams = StandardStreams.to(out)) {
            ProgramLog.configure(LogFormat.text, Level.INFO, Level.WARN, ProgramLogTest::overflowing, streams);

            log.info("deep");
            log.info("next");

            assertThat(streams.dropped()).isEqualTo(1);
        }
        assertThat(lines().get(0)).endsWith(" INFO  next");
    }

    @Test
    void droppedLinesAreReportedOnceTheOutputHasRecovered() throws Exception {
        StuckOutput stuck = new StuckOutput();
        StandardStreams streams = StandardStreams.to(stuck);
        ProgramLog.configure(LogFormat.text, Level.INFO, Level.WARN, event -> "", streams);
        log.info("first");
        stuck.awaitWrite();
        for (int i = 0; i < 10_000; i++) {
            log.info("more");
        }
        long dropped = streams.dropped();
        assertThat(dropped).isPositive();

        stuck.free();

        await().until(() -> stuck.text().contains("were dropped"));
        streams.close();
        assertThat(stuck.text().lines().filter(line -> line.contains("were dropped")))
                .singleElement()
                .asString()
                .endsWith("WARN  " + dropped
                        + " log line(s) were dropped because standard output was too slow or blocked");
    }

    @Test
    void outputOfLibrariesIsWrittenInWholeLines() {
        try (StandardStreams streams = StandardStreams.to(out);
                PrintStream printed = streams.printStream()) {
            printed.print("half ");
            printed.flush();
            ProgramLog.configure(LogFormat.text, Level.INFO, Level.WARN, event -> "", streams);
            log.info("between");
            printed.println("a line");
            printed.print("x".repeat(100_000));
            printed.println();
            printed.print("the end");
        }

        assertThat(lines()).hasSize(4);
        assertThat(lines().get(0)).endsWith("between");
        assertThat(lines().get(1)).isEqualTo("half a line");
        assertThat(lines().get(2)).isEqualTo("x".repeat(LineStream.MAX_LINE));
        assertThat(lines().get(3)).isEqualTo("the end");
    }

    private void logging(LogFormat format, Consumer<StandardStreams> what) {
        try (StandardStreams streams = StandardStreams.to(out)) {
            configureOn(streams, format);
            what.accept(streams);
        }
    }

    private static void configureOn(StandardStreams streams, LogFormat format) {
        ProgramLog.configure(format, Level.INFO, Level.WARN, event -> "", streams);
    }

    private List<String> lines() {
        return out.toString(StandardCharsets.UTF_8).lines().toList();
    }

    private static String overflowing(ILoggingEvent event) {
        if (event.getMessage().equals("deep")) {
            throw new StackOverflowError();
        }
        return "";
    }
}
