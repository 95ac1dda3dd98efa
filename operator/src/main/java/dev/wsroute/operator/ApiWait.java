// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Waits during startup for an unavailable API: nodes and control planes start in any order, and a container that exits is
 * restarted with a backoff of minutes. Errors that need somebody to act still end the process.
 */
final class ApiWait {

    private static final Logger LOG = LoggerFactory.getLogger(ApiWait.class);

    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final Duration LAST_PAUSE = Duration.ofSeconds(15);

    /** Least time between two warnings. It doubles. */
    private static final Duration WARNING_INTERVAL = Duration.ofMinutes(1);

    /** An API server that has just started rejects requests until it has loaded roles and CRDs. */
    private static final Duration REFUSAL_GRACE = Duration.ofSeconds(30);

    private final CountDownLatch stopping;
    private final long start = System.nanoTime();
    private Duration pause = FIRST_PAUSE;
    private Duration nextWarning = Duration.ZERO;
    private Duration refusedSince = Duration.ZERO;
    private volatile String problem = "the Kubernetes API has not been contacted yet";

    /** A step of the startup. */
    @FunctionalInterface
    interface Step {
        void run() throws OperatorStartupException, ApiUnavailableException;
    }

    /** @param stopping reaches zero when the process is asked to stop */
    ApiWait(CountDownLatch stopping) {
        this.stopping = stopping;
    }

    /**
     * Repeats {@code step} until it succeeds.
     *
     * @return false if the process was asked to stop meanwhile
     * @throws OperatorStartupException if the API answers with a permanent error
     */
    boolean until(Step step) throws OperatorStartupException {
        boolean unavailable = false;
        while (stopping.getCount() > 0) {
            try {
                step.run();
                if (unavailable) {
                    LOG.info("The Kubernetes API is reachable; starting");
                }
                return true;
            } catch (ApiUnavailableException e) {
                unavailable = true;
                refusedSince = Duration.ZERO;
                report(String.valueOf(e.getMessage()));
            } catch (OperatorStartupException e) {
                if (!unavailable || isPermanent()) {
                    throw e;
                }
                report(String.valueOf(e.getMessage()));
            }
            sleep();
        }
        return false;
    }

    private boolean isPermanent() {
        Duration now = elapsed();
        if (refusedSince.isZero()) {
            refusedSince = now;
        }
        return now.minus(refusedSince).compareTo(REFUSAL_GRACE) > 0;
    }

    private void report(String sentence) {
        problem = sentence;
        Duration now = elapsed();
        if (now.compareTo(nextWarning) < 0) {
            LOG.debug("Waiting: {}", sentence);
            return;
        }
        LOG.warn("Waiting: {}", sentence);
        nextWarning = now.plus(now).plus(WARNING_INTERVAL);
    }

    private Duration elapsed() {
        return Duration.ofNanos(System.nanoTime() - start);
    }

    private void sleep() {
        try {
            if (stopping.await(pause.toMillis(), TimeUnit.MILLISECONDS)) {
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            stopping.countDown();
        }
        Duration doubled = pause.multipliedBy(2);
        pause = doubled.compareTo(LAST_PAUSE) > 0 ? LAST_PAUSE : doubled;
    }

    /** Why the API cannot be used yet, in a few words. */
    String problem() {
        return problem;
    }
}
