package dev.wsroute.operator;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Waits, at the start, for an API that is away: nodes and control planes start in any order, and a program that ends is
 * started again only after pauses of minutes. What somebody has to mend ends it all the same.
 */
final class ApiWait {

    private static final Logger LOG = LoggerFactory.getLogger(ApiWait.class);

    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final Duration LAST_PAUSE = Duration.ofSeconds(15);

    /** Between two lines of log. It doubles. */
    private static final Duration SAID_AGAIN = Duration.ofMinutes(1);

    /** An API server that has just been started refuses for a moment what it does not know yet: roles, definitions. */
    private static final Duration REFUSALS = Duration.ofSeconds(30);

    private final CountDownLatch stopping;
    private final long start = System.nanoTime();
    private Duration pause = FIRST_PAUSE;
    private Duration nextWord = Duration.ZERO;
    private Duration refusedSince = Duration.ZERO;
    private volatile String obstacle = "the Kubernetes API has not been asked yet";

    /** A step of the start. */
    @FunctionalInterface
    interface Step {
        void run() throws StartupException, ApiAwayException;
    }

    /** @param stopping comes to zero when the program is told to stop */
    ApiWait(CountDownLatch stopping) {
        this.stopping = stopping;
    }

    /**
     * Repeats {@code step} until the API answers it.
     *
     * @return false if the program was told to stop meanwhile
     * @throws StartupException when the API answers with what does not pass by itself
     */
    boolean until(Step step) throws StartupException {
        boolean away = false;
        while (stopping.getCount() > 0) {
            try {
                step.run();
                if (away) {
                    LOG.info("The Kubernetes API answers; starting");
                }
                return true;
            } catch (ApiAwayException e) {
                away = true;
                refusedSince = Duration.ZERO;
                say(String.valueOf(e.getMessage()));
            } catch (StartupException e) {
                if (!away || isLasting()) {
                    throw e;
                }
                say(String.valueOf(e.getMessage()));
            }
            rest();
        }
        return false;
    }

    private boolean isLasting() {
        Duration now = elapsed();
        if (refusedSince.isZero()) {
            refusedSince = now;
        }
        return now.minus(refusedSince).compareTo(REFUSALS) > 0;
    }

    private void say(String sentence) {
        obstacle = sentence;
        Duration now = elapsed();
        if (now.compareTo(nextWord) < 0) {
            LOG.debug("Waiting: {}", sentence);
            return;
        }
        LOG.warn("Waiting: {}", sentence);
        nextWord = now.plus(now).plus(SAID_AGAIN);
    }

    private Duration elapsed() {
        return Duration.ofNanos(System.nanoTime() - start);
    }

    private void rest() {
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

    /** What is waited for, in a few words. */
    String obstacle() {
        return obstacle;
    }
}
