package dev.wsroute.proxy.config;

import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Retries an attempt with growing pauses until stopped. Used on the scheduler's thread only. */
final class Retries {

    private static final Logger LOG = LoggerFactory.getLogger(Retries.class);

    private final ScheduledExecutorService scheduler;
    private final Duration first;
    private final Duration longest;
    private Duration pause;
    private @Nullable ScheduledFuture<?> next;
    private @Nullable String reason;

    Retries(ScheduledExecutorService scheduler, Duration first, Duration longest) {
        this.scheduler = scheduler;
        this.first = first;
        this.longest = longest;
        this.pause = first;
    }

    /** Whether an attempt is the first to fail, or failed for another reason than the one before. */
    boolean isNews(String why) {
        boolean news = !why.equals(reason);
        reason = why;
        return news;
    }

    void again(Runnable attempt) {
        LOG.debug("{}; trying again in {}", reason, pause);
        next = scheduler.schedule(attempt, pause.toMillis(), TimeUnit.MILLISECONDS);
        Duration doubled = pause.multipliedBy(2);
        pause = doubled.compareTo(longest) > 0 ? longest : doubled;
    }

    /** Ends the retries: an attempt succeeded, or is obsolete. */
    void stop() {
        if (next != null) {
            next.cancel(false);
            next = null;
        }
        reason = null;
        pause = first;
    }
}
