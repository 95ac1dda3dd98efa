// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.config;

import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Retries with exponential backoff until stopped. Confined to the scheduler's thread. */
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

    /** Whether this failure is the first, or differs from the previous one. */
    boolean isNews(String why) {
        boolean news = !why.equals(reason);
        reason = why;
        return news;
    }

    void schedule(Runnable attempt) {
        LOG.debug("{}; retrying in {}", reason, pause);
        next = scheduler.schedule(attempt, pause.toMillis(), TimeUnit.MILLISECONDS);
        Duration doubled = pause.multipliedBy(2);
        pause = doubled.compareTo(longest) > 0 ? longest : doubled;
    }

    /** Stops retrying, because an attempt succeeded or is obsolete. */
    void stop() {
        if (next != null) {
            next.cancel(false);
            next = null;
        }
        reason = null;
        pause = first;
    }
}
