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
 * Checks whether the threads that the process depends on still run their tasks. It gives each a small task in rounds
 * and keeps the result, so the rate of probes does not matter to the threads.
 *
 * <p>Time is counted in completed rounds, so a pause of the whole process (garbage collection, a node without CPU) is
 * not taken for a hang.
 */
public final class Liveness implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Liveness.class);
    private static final Duration ROUND = Duration.ofMillis(500);
    private static final Answer ALIVE = Answer.text(200, "ok");

    private final ScheduledExecutorService clock;
    private final List<Watched> all = new CopyOnWriteArrayList<>();
    private @Nullable Future<?> rounds;
    private volatile Answer answer = ALIVE;

    /** @param clock runs the rounds: the loop that answers the probes, so that there is no answer without rounds */
    public Liveness(ScheduledExecutorService clock) {
        this.clock = clock;
    }

    /**
     * Adds an executor that must run its tasks.
     *
     * @param name for the answer, such as {@code the control thread}
     * @param patience how long a task may wait until it has run
     */
    public Liveness watch(String name, Executor executor, Duration patience) {
        all.add(new Watched(name, executor, patience));
        return this;
    }

    /** Starts the rounds. */
    public void start() {
        rounds = clock.scheduleWithFixedDelay(this::round, 0, ROUND.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** 200, or 503 with a line that names what does not answer. Thread-safe; never blocks. */
    public Answer answer() {
        return answer;
    }

    void round() {
        String silent = all.stream().flatMap(watched -> watched.ask().stream()).collect(Collectors.joining("; "));
        Answer now = silent.isEmpty() ? ALIVE : Answer.text(503, silent);
        Answer before = answer;
        answer = now;
        if (!now.equals(before)) {
            log.warn("Liveness: {}", silent.isEmpty() ? "all threads respond again" : silent);
        }
    }

    /** Keeps the last answer, since threads now end on purpose. */
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

        /** What is wrong with it; empty: nothing. */
        List<String> ask() {
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
