// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.admin;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Checks whether the threads that the process depends on still run tasks. It periodically submits a small task to each and
 * caches the result, so the rate of probes does not affect the threads.
 *
 * <p>Time is measured in completed rounds, so a pause of the whole process (garbage collection, a node without CPU) does not
 * count as a hang.
 */
public final class Liveness implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Liveness.class);
    private static final Duration ROUND = Duration.ofMillis(500);
    private static final Answer ALIVE = Answer.text(200, "ok");

    private final ScheduledExecutorService timer;
    private final List<Watched> all = new CopyOnWriteArrayList<>();
    private @Nullable Future<?> rounds;
    private volatile Answer answer = ALIVE;

    /** @param timer runs the rounds: the event loop that answers the probes, so that it cannot answer without rounds */
    public Liveness(ScheduledExecutorService timer) {
        this.timer = timer;
    }

    /**
     * Adds an executor to check.
     *
     * @param name for the response, such as {@code the control thread}
     * @param patience how long a task may take until it has run
     */
    public Liveness watch(String name, Executor executor, Duration patience) {
        all.add(new Watched(name, executor, patience));
        return this;
    }

    /** Starts the rounds. */
    public void start() {
        rounds = timer.scheduleWithFixedDelay(this::round, 0, ROUND.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** 200, or 503 with a line that names the stuck threads. Thread-safe; never blocks. */
    public Answer answer() {
        return answer;
    }

    void round() {
        String stuck = all.stream().flatMap(watched -> watched.check().stream()).collect(Collectors.joining("; "));
        Answer now = stuck.isEmpty() ? ALIVE : Answer.text(503, stuck);
        Answer before = answer;
        answer = now;
        if (!now.equals(before)) {
            LOG.warn("Liveness: {}", stuck.isEmpty() ? "all threads respond again" : stuck);
        }
    }

    /** Stops the checks and keeps the last answer, since the threads are about to be stopped. */
    @Override
    public void close() {
        if (rounds != null) {
            rounds.cancel(false);
        }
    }

    private static final class Watched {

        private final String name;
        private final Executor executor;
        private final Duration patience;
        private long missed;
        private volatile boolean ran = true;

        Watched(String name, Executor executor, Duration patience) {
            this.name = name;
            this.executor = executor;
            this.patience = patience;
        }

        /** The problem, if there is one. */
        List<String> check() {
            if (!ran) {
                missed++;
                return ROUND.multipliedBy(missed).compareTo(patience) < 0
                        ? List.of()
                        : List.of(name + " has not run a task for more than " + patience.toSeconds() + " s");
            }
            missed = 0;
            ran = false;
            try {
                executor.execute(() -> ran = true);
                return List.of();
            } catch (RejectedExecutionException e) {
                ran = true;
                return List.of(name + " has stopped");
            }
        }
    }
}
