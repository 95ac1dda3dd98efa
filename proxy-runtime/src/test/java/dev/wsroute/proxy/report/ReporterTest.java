// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.report;

import static dev.wsroute.proxy.testkit.Documents.config;
import static dev.wsroute.proxy.testkit.Documents.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.wsroute.config.ConfigVersion;
import dev.wsroute.config.ProxyConfig;
import dev.wsroute.config.ProxyConfigParser.Parsed;
import dev.wsroute.config.ProxyReport;
import dev.wsroute.config.ProxyReport.Load;
import dev.wsroute.config.ProxyReport.Refusal;
import dev.wsroute.config.ReportsConfig;
import dev.wsroute.proxy.config.ConfigListener.RefusalCause;
import dev.wsroute.proxy.testkit.ManualScheduler;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ReporterTest {

    private static final Duration MINUTE = Duration.ofMinutes(1);

    private static final ReportsConfig REPORTS = new ReportsConfig(Duration.ofSeconds(10));

    private final ManualScheduler worker = new ManualScheduler();
    private final List<ProxyReport> written = new ArrayList<>();
    private int failures;
    private long connections;
    private boolean countFails;
    private long handshakes;
    private long refused;
    private long cpu;
    private final Reporter reporter = new Reporter(
            this::write,
            new LoadCounts(
                    this::connections, () -> handshakes, () -> refused, new CpuUsage(worker::nanoTime, () -> cpu)),
            worker,
            MINUTE,
            Duration.ofSeconds(1));

    @Test
    void theLoadHasTheCpuOfTheLastMinuteOnceTheProcessHasStarted() {
        applied(1, REPORTS);

        for (int second = 0; second < 130; second++) {
            cpu += 250_000_000;
            worker.advance(Duration.ofSeconds(1));
        }

        assertThat(loads()).first().extracting(Load::cpu).isNull();
        assertThat(loads()).last().extracting(Load::cpu).isEqualTo(250L);
    }

    @Test
    void anAppliedVersionIsReportedAtOnce() {
        applied(1);

        assertThat(written).containsExactly(new ProxyReport(version(1), null, 0));
    }

    @Test
    void aRefusalIsReportedWithItsReasonBesideTheVersionThatRuns() {
        applied(1);
        reporter.refused(version(2), "listeners must hold at least one listener", RefusalCause.INVALID);

        assertThat(written)
                .last()
                .isEqualTo(new ProxyReport(
                        version(1), new Refusal(version(2), "listeners must hold at least one listener"), 0));
    }

    @Test
    void aReportThatCannotBeWrittenWhileTheProcessEndsIsGivenUp() throws Exception {
        List<Throwable> thrown = new CopyOnWriteArrayList<>();
        ScheduledThreadPoolExecutor ending = new ScheduledThreadPoolExecutor(1) {
            @Override
            protected void afterExecute(Runnable task, @Nullable Throwable none) {
                try {
                    ((Future<?>) task).get();
                } catch (ExecutionException e) {
                    thrown.add(e.getCause());
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
        };
        Reporter late = new Reporter(
                report -> {
                    ending.shutdown();
                    throw new IOException("the server answered 403");
                },
                new LoadCounts(() -> 0, () -> 0, () -> 0, new CpuUsage(worker::nanoTime, () -> 0)),
                ending,
                MINUTE,
                Duration.ofSeconds(1));

        late.changed();

        assertThat(ending.awaitTermination(1, TimeUnit.MINUTES)).isTrue();
        assertThat(thrown).isEmpty();
        assertThatCode(late::changed).doesNotThrowAnyException();
    }

    @Test
    void theNextAppliedVersionTakesTheRefusalBack() {
        reporter.refused(null, "The document is empty", RefusalCause.INVALID);
        applied(3);

        assertThat(written).last().isEqualTo(new ProxyReport(version(3), null, 0));
    }

    @Test
    void aReportIsRepeatedPeriodicallySinceItMayHaveBeenDeleted() {
        applied(1);

        worker.advance(MINUTE.multipliedBy(5));

        assertThat(written).hasSize(2).last().isEqualTo(written.get(0));
    }

    @Test
    void connectionsAreReportedOnceAMinuteAndOnlyWhenTheyMovedByMoreThanATenth() {
        applied(1);
        connections = 100;
        worker.advance(MINUTE);
        assertThat(written)
                .hasSize(2)
                .last()
                .extracting(ProxyReport::connections)
                .isEqualTo(100L);

        connections = 110;
        worker.advance(MINUTE);
        assertThat(written).hasSize(2);

        connections = 111;
        worker.advance(MINUTE.minusSeconds(1));
        assertThat(written).hasSize(2);
        worker.advance(Duration.ofSeconds(1));
        assertThat(written).hasSize(3);
    }

    @Test
    void nothingIsReportedBeforeThereIsAConfiguration() {
        connections = 100;
        worker.advance(MINUTE.multipliedBy(3));

        assertThat(written).isEmpty();
    }

    @Test
    void aReportThatCannotBeWrittenIsTriedAgainWithGrowingWaitsAndOnlyTheNewest() {
        failures = 2;
        applied(1);
        assertThat(written).isEmpty();

        worker.advance(Duration.ofSeconds(1));
        assertThat(written).isEmpty();
        connections = 7;
        worker.advance(Duration.ofSeconds(2));

        assertThat(written).containsExactly(new ProxyReport(version(1), null, 7));
    }

    @Test
    void anAutoscalersReportsComeAtTheIntervalOfTheConfigurationWithASequence() {
        applied(1, REPORTS);

        worker.advance(Duration.ofSeconds(30));

        assertThat(loads())
                .containsExactly(
                        new Load(1, 0, 0, null),
                        new Load(2, 0, 0, null),
                        new Load(3, 0, 0, null),
                        new Load(4, 0, 0, null));
    }

    @Test
    void aChangeByMoreThanATwentiethIsReportedWithinAFifthOfTheInterval() {
        connections = 100;
        applied(1, REPORTS);

        connections = 105;
        worker.advance(Duration.ofSeconds(2));
        assertThat(written).hasSize(1);

        connections = 106;
        worker.advance(Duration.ofSeconds(2));
        assertThat(written)
                .hasSize(2)
                .last()
                .extracting(ProxyReport::connections)
                .isEqualTo(106L);
    }

    @Test
    void aLookThatFailsIsNotTheLast() {
        applied(1, REPORTS);
        countFails = true;
        worker.advance(Duration.ofSeconds(2));

        countFails = false;
        worker.advance(Duration.ofSeconds(8));

        assertThat(written).hasSize(2);
    }

    @Test
    void aHandshakeStormIsReportedEarlyAndRefusalsOnceEach() {
        connections = 100;
        applied(1, REPORTS);

        handshakes = 4;
        refused = 2;
        worker.advance(Duration.ofSeconds(2));
        assertThat(loads()).last().isEqualTo(new Load(2, 4, 2, null));

        handshakes = 0;
        worker.advance(Duration.ofSeconds(8));
        assertThat(loads()).last().isEqualTo(new Load(3, 0, 0, null));
    }

    @Test
    void refusalsOfAReportThatCouldNotBeWrittenAreInTheNextOne() {
        applied(1, REPORTS);
        refused = 5;
        failures = 1;

        worker.advance(Duration.ofSeconds(2));
        assertThat(loads()).hasSize(1);
        worker.advance(Duration.ofSeconds(1));

        assertThat(loads()).last().isEqualTo(new Load(3, 0, 5, null));
    }

    @Test
    void withoutAnAutoscalerTheSlowReportsReturn() {
        applied(1, REPORTS);
        applied(2);
        int before = written.size();

        worker.advance(MINUTE);

        assertThat(written).hasSize(before).last().extracting(ProxyReport::load).isNull();
    }

    private long connections() {
        if (countFails) {
            throw new IllegalStateException("no count");
        }
        return connections;
    }

    private List<@Nullable Load> loads() {
        return written.stream().map(ProxyReport::load).toList();
    }

    private void applied(long generation) {
        applied(generation, null);
    }

    private void applied(long generation, @Nullable ReportsConfig reports) {
        ProxyConfig config = ProxyConfig.named("test")
                .listeners(config().listeners())
                .reports(reports)
                .build();
        reporter.applied(
                new Parsed(config.withVersion(version(generation)), List.of(), List.of()), text(generation, config));
    }

    private static ConfigVersion version(long generation) {
        return new ConfigVersion(generation, "hash");
    }

    private void write(ProxyReport report) throws IOException {
        if (failures-- > 0) {
            throw new IOException("the API is away");
        }
        written.add(report);
    }
}
