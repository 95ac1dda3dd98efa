// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.report;

import static dev.wsroute.proxy.testkit.Documents.config;
import static dev.wsroute.proxy.testkit.Documents.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.wsroute.config.ConfigVersion;
import dev.wsroute.config.ProxyConfig;
import dev.wsroute.config.ProxyConfigParser.Parsed;
import dev.wsroute.config.ProxyReport;
import dev.wsroute.config.ProxyReport.Refusal;
import dev.wsroute.proxy.config.ConfigListener.RefusalCause;
import dev.wsroute.proxy.testkit.ManualScheduler;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReporterTest {

    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final ManualScheduler worker = new ManualScheduler();
    private final List<ProxyReport> written = new ArrayList<>();
    private int failures;
    private long connections;
    private final Reporter reporter =
            new Reporter(this::write, () -> connections, worker, MINUTE, Duration.ofSeconds(1));

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

    private void applied(long generation) {
        ProxyConfig config = config();
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
