// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.report;

import dev.wsroute.config.CertificateReport;
import dev.wsroute.config.ConfigVersion;
import dev.wsroute.config.ProxyConfigParser.Parsed;
import dev.wsroute.config.ProxyReport;
import dev.wsroute.config.ProxyReport.Load;
import dev.wsroute.config.ProxyReport.Refusal;
import dev.wsroute.config.ReportsConfig;
import dev.wsroute.proxy.config.ConfigListener;
import dev.wsroute.proxy.config.ConfigText;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reports what this proxy runs. A version that was applied or refused is reported at once; the number of live
 * connections at most once a minute, and only when it has changed by more than a tenth. If the configuration has {@code
 * reports}, the load is reported that often, and earlier when it has changed by more than a twentieth. A failed write is
 * retried with the newest report.
 */
public final class Reporter implements ConfigListener {

    /** After this many checks the report is written even if nothing changed. */
    private static final int REPEAT = 5;

    /** How often the load is looked at between two reports that the configuration asks for. */
    private static final int LOOKS = 5;

    private static final Logger LOG = LoggerFactory.getLogger(Reporter.class);

    private final ReportWriter writer;
    private final LoadCounts load;
    private final ScheduledExecutorService worker;
    private final Duration retry;
    private @Nullable ConfigVersion applied;
    private @Nullable Refusal refused;
    private List<CertificateReport> certificates = List.of();
    private List<CertificateReport> credentials = List.of();
    private Supplier<List<String>> unknownKeys = List::of;
    private List<String> reportedUnknown = List.of();
    private long reported;
    private boolean reportedOnce;
    private boolean failing;
    private long failures;
    private boolean scheduled;
    private long checks;
    private @Nullable Duration reportsEvery;
    /** Counts the changes of {@link #reportsEvery}: each ends the looks that belong to an earlier one. */
    private long pace;

    private long sequence;
    private long refusedBefore;

    /**
     * @param load of this proxy
     * @param worker may block in writes; also runs the timers
     * @param every how often the number of connections is checked
     * @param retry delay before the first retry of a failed write
     */
    public Reporter(
            ReportWriter writer, LoadCounts load, ScheduledExecutorService worker, Duration every, Duration retry) {
        this.writer = writer;
        this.load = load;
        this.worker = worker;
        this.retry = retry;
        worker.scheduleWithFixedDelay(this::check, every.toMillis(), every.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public synchronized void applied(Parsed parsed, ConfigText text) {
        applied = parsed.config().version();
        refused = null;
        follow(parsed.config().reports());
        scheduleWrite();
    }

    private void follow(@Nullable ReportsConfig reports) {
        Duration every = reports == null ? null : reports.every();
        if (!Objects.equals(every, reportsEvery)) {
            reportsEvery = every;
            pace++;
            if (every != null) {
                lookAgain(every.dividedBy(LOOKS), pace, 1);
            }
        }
    }

    private void lookAgain(Duration pause, long ofPace, int number) {
        unlessEnding(() -> worker.schedule(() -> look(pause, ofPace, number), pause.toMillis(), TimeUnit.MILLISECONDS));
    }

    private synchronized void look(Duration pause, long ofPace, int number) {
        if (ofPace != pace) {
            return;
        }
        try {
            load.cpu().sample();
            long waiting = load.handshakes().getAsLong() + load.refused().getAsLong() - refusedBefore;
            long change = Math.abs(load.connections().getAsLong() - reported);
            if (number % LOOKS == 0 || Math.max(change, waiting) * 20 > reported) {
                scheduleWrite();
            }
        } finally {
            // Whatever went wrong: without the next look, an autoscaler takes this proxy for silent.
            lookAgain(pause, ofPace, number % LOOKS + 1);
        }
    }

    @Override
    public synchronized void refused(@Nullable ConfigVersion version, String reason, RefusalCause cause) {
        refused = new Refusal(version, reason);
        scheduleWrite();
    }

    /** Reports the state of the listeners' certificates, if it has changed. */
    public synchronized void certificates(List<CertificateReport> current) {
        if (!current.equals(certificates)) {
            certificates = current;
            scheduleWrite();
        }
    }

    /** Reports what is wrong with the keys, passwords and lists of access rules, if it has changed. */
    public synchronized void credentials(List<CertificateReport> current) {
        if (!current.equals(credentials)) {
            credentials = current;
            scheduleWrite();
        }
    }

    /**
     * Reports fetched key sets that lack the key of a token.
     *
     * @param current those of the last minutes; called on any thread
     */
    public synchronized void unknownKeys(Supplier<List<String>> current) {
        unknownKeys = current;
    }

    /** Reports soon, since something has changed that the report asks for. Called on any thread; does not block for long. */
    public synchronized void changed() {
        scheduleWrite();
    }

    private List<CertificateReport> faults() {
        List<CertificateReport> all = new ArrayList<>(certificates);
        all.addAll(credentials);
        return credentials.isEmpty() ? certificates : CertificateReport.mostUrgent(all, Instant.now());
    }

    private synchronized void check() {
        long now = load.connections().getAsLong();
        // Also written now and then without a change, in case someone deleted the report. Otherwise the write has no
        // effect.
        boolean repeat = ++checks % REPEAT == 0;
        boolean known = unknownKeys.get().equals(reportedUnknown);
        if (reportedOnce && (repeat || !known || Math.abs(now - reported) * 10 > reported)) {
            scheduleWrite();
        }
    }

    private void scheduleWrite() {
        if (!scheduled) {
            scheduled = true;
            unlessEnding(() -> worker.execute(this::write));
        }
    }

    /** The worker takes no task once the process ends. */
    private void unlessEnding(Runnable submission) {
        try {
            submission.run();
        } catch (RejectedExecutionException e) {
            LOG.debug("The process ends; nothing is reported any more");
        }
    }

    private void write() {
        ProxyReport report;
        long refusals = load.refused().getAsLong();
        synchronized (this) {
            scheduled = false;
            report = new ProxyReport(
                    applied, refused, load.connections().getAsLong(), faults(), loadSince(refusals), unknownKeys.get());
        }
        try {
            writer.write(report);
            written(report, refusals);
        } catch (IOException e) {
            failed(e);
        }
    }

    private @Nullable Load loadSince(long refusals) {
        return reportsEvery == null
                ? null
                : new Load(
                        ++sequence,
                        load.handshakes().getAsLong(),
                        refusals - refusedBefore,
                        load.cpu().millicores());
    }

    private synchronized void written(ProxyReport report, long refusals) {
        if (failing) {
            LOG.info("The report can be written again");
        }
        reportedOnce = true;
        failing = false;
        failures = 0;
        reported = report.connections();
        reportedUnknown = report.unknownKeys();
        refusedBefore = refusals;
    }

    private synchronized void failed(IOException e) {
        long wait = retry.toMillis() << Math.min(failures, 6);
        failures++;
        if (!failing) {
            failing = true;
            LOG.warn("The report could not be written; retrying: {}", e.getMessage());
        }
        if (!scheduled) {
            scheduled = true;
            unlessEnding(() -> worker.schedule(this::write, wait, TimeUnit.MILLISECONDS));
        }
    }
}
