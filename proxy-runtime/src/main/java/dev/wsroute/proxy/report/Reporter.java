package dev.wsroute.proxy.report;

import dev.wsroute.config.ConfigVersion;
import dev.wsroute.config.ProxyConfigParser.Parsed;
import dev.wsroute.config.ProxyReport;
import dev.wsroute.config.ProxyReport.Refusal;
import dev.wsroute.proxy.config.ConfigListener;
import dev.wsroute.proxy.config.ConfigText;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells what this proxy runs: a version applied or refused at once, the live connections at most once a minute and
 * only when they moved by more than a tenth. What cannot be written is tried again; only the newest is written.
 */
public final class Reporter implements ConfigListener {

    /** Every so many looks at the connections the report is written though nothing moved. */
    private static final int REPEAT = 5;

    private static final Logger log = LoggerFactory.getLogger(Reporter.class);

    private final ReportWriter writer;
    private final LongSupplier connections;
    private final ScheduledExecutorService worker;
    private final Duration retry;
    private @Nullable ConfigVersion applied;
    private @Nullable Refusal refused;
    private long reported;
    private boolean told;
    private boolean failing;
    private long failures;
    private boolean scheduled;
    private long looks;

    /**
     * @param connections how many are live
     * @param worker where writing may block; also keeps the times
     * @param every how often the connections are looked at
     * @param retry the shortest wait before a failed report is tried again
     */
    public Reporter(
            ReportWriter writer,
            LongSupplier connections,
            ScheduledExecutorService worker,
            Duration every,
            Duration retry) {
        this.writer = writer;
        this.connections = connections;
        this.worker = worker;
        this.retry = retry;
        worker.scheduleWithFixedDelay(this::look, every.toMillis(), every.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public synchronized void applied(Parsed parsed, ConfigText text) {
        applied = parsed.config().version();
        refused = null;
        soon();
    }

    @Override
    public synchronized void refused(@Nullable ConfigVersion version, String reason, Cause cause) {
        refused = new Refusal(version, reason);
        soon();
    }

    private synchronized void look() {
        long now = connections.getAsLong();
        // Now and then also unasked: somebody may have taken the report away. Where it is there, nothing changes by it.
        boolean repeat = ++looks % REPEAT == 0;
        if (told && (repeat || Math.abs(now - reported) * 10 > reported)) {
            soon();
        }
    }

    private void soon() {
        if (!scheduled) {
            scheduled = true;
            worker.execute(this::write);
        }
    }

    private void write() {
        ProxyReport report;
        synchronized (this) {
            scheduled = false;
            report = new ProxyReport(applied, refused, connections.getAsLong());
        }
        try {
            writer.write(report);
            written(report);
        } catch (IOException e) {
            failed(e);
        }
    }

    private synchronized void written(ProxyReport report) {
        if (failing) {
            log.info("The report is written again");
        }
        told = true;
        failing = false;
        failures = 0;
        reported = report.connections();
    }

    private synchronized void failed(IOException e) {
        long wait = retry.toMillis() << Math.min(failures, 6);
        failures++;
        if (!failing) {
            failing = true;
            log.warn("The report could not be written, trying again: {}", e.getMessage());
        }
        if (!scheduled) {
            scheduled = true;
            worker.schedule(this::write, wait, TimeUnit.MILLISECONDS);
        }
    }
}
