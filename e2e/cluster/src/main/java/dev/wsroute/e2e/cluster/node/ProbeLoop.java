// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.cluster.node;

import io.fabric8.kubernetes.api.model.Probe;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Probes one container periodically and reports when a threshold is reached. Until the first success it probes more often
 * than the period says, so that tests are quick; these early failures count at most once per period. Confined to the node's thread.
 */
final class ProbeLoop {

    private static final Duration FIRST_INTERVAL = Duration.ofMillis(50);
    private static final Duration EAGER_INTERVAL = Duration.ofMillis(200);
    private static final int DEFAULT_PERIOD_SECONDS = 10;
    private static final int DEFAULT_FAILURES = 3;

    private final ScheduledExecutorService loop;
    private final ProbeCheck check;
    private final Consumer<Boolean> onVerdict;
    private final Duration period;
    private final int failureThreshold;
    private final int successThreshold;
    private @Nullable Future<?> next;
    private boolean stopped;
    private boolean succeeded;
    private int attempts;
    private int inRow;
    private boolean last;
    private long countedAt;

    /** @param onVerdict called with each result that has reached its threshold, even if it is the same as before */
    ProbeLoop(ScheduledExecutorService loop, Probe probe, ProbeCheck check, Consumer<Boolean> onVerdict) {
        this.loop = loop;
        this.check = check;
        this.onVerdict = onVerdict;
        this.period = Duration.ofSeconds(orDefault(probe.getPeriodSeconds(), DEFAULT_PERIOD_SECONDS));
        this.failureThreshold = orDefault(probe.getFailureThreshold(), DEFAULT_FAILURES);
        this.successThreshold = orDefault(probe.getSuccessThreshold(), 1);
        schedule(Duration.ofSeconds(Objects.requireNonNullElse(probe.getInitialDelaySeconds(), 0)));
    }

    private static int orDefault(@Nullable Integer value, int standard) {
        return value == null || value <= 0 ? standard : value;
    }

    private void schedule(Duration delay) {
        if (!stopped) {
            next = loop.schedule(this::ask, delay.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private void ask() {
        if (stopped) {
            return;
        }
        attempts++;
        check.check().whenCompleteAsync((good, failure) -> answered(failure == null && good), loop);
    }

    private void answered(boolean good) {
        if (stopped) {
            return;
        }
        long now = System.nanoTime();
        boolean counts = good || succeeded || attempts == 1 || now - countedAt >= period.toNanos();
        if (counts) {
            countedAt = now;
            inRow = good == last ? inRow + 1 : 1;
            last = good;
            succeeded = succeeded || good;
            if (inRow >= (good ? successThreshold : failureThreshold)) {
                onVerdict.accept(good);
            }
        }
        schedule(interval());
    }

    private Duration interval() {
        if (succeeded) {
            return period;
        }
        Duration eager = attempts < 20 ? FIRST_INTERVAL : EAGER_INTERVAL;
        return eager.compareTo(period) < 0 ? eager : period;
    }

    void stop() {
        stopped = true;
        if (next != null) {
            next.cancel(false);
        }
    }
}
