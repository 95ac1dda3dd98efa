package dev.wsroute.proxy.drain;

import dev.wsroute.proxy.containment.Containment;
import dev.wsroute.proxy.containment.Place;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one mechanism that paces whatever ends a crowd of connections.
 *
 * <p>Those who leave together ({@link #shed}) are asked one by one, in random order, at equal intervals over their window.
 * Those whose own limits pass ({@link #due}) are ended as they come, though no faster than {@value #AT_EASE} a second, or
 * than all that are live would be over {@code drain.over}, whichever is faster.
 *
 * <p>After a late tick (a paused process) both go on at their {@link Pace} instead of catching up with a burst. Turns of
 * connections that are gone by then are passed over.
 */
public final class PacedShedder implements Shedder, Turns {

    private static final Logger log = LoggerFactory.getLogger(PacedShedder.class);

    /** So many a second come due without waiting for longer than the second, however few are live. */
    static final int AT_EASE = 20;

    private final ScheduledExecutorService scheduler;
    private final ConnectionRegistry connections;
    private final Supplier<Duration> window;
    private final ShedObserver observer;
    private final RandomGenerator random;
    private final NanoClock clock;
    private final Queueing queue = new Queueing();

    /** Reads a monotonic time in nanoseconds. */
    @FunctionalInterface
    public interface NanoClock {
        long nanoTime();
    }

    /**
     * @param scheduler runs the ticks, on one thread; they are short and never block
     * @param connections those that live
     * @param window {@code drain.over} of the newest configuration
     */
    public PacedShedder(
            ScheduledExecutorService scheduler,
            ConnectionRegistry connections,
            Supplier<Duration> window,
            ShedObserver observer) {
        this(scheduler, connections, window, observer, new Random(), System::nanoTime);
    }

    PacedShedder(
            ScheduledExecutorService scheduler,
            ConnectionRegistry connections,
            Supplier<Duration> window,
            ShedObserver observer,
            RandomGenerator random,
            NanoClock clock) {
        this.scheduler = scheduler;
        this.connections = connections;
        this.window = window;
        this.observer = observer;
        this.random = random;
        this.clock = clock;
    }

    @Override
    public CompletionStage<Void> shed(Collection<LiveConnection> leaving, CloseReason reason, Duration over) {
        List<LiveConnection> order = new ArrayList<>(leaving);
        Collections.shuffle(order, new Random(random.nextLong()));
        Shedding shedding = new Shedding(order, reason, over.toNanos());
        shedding.start();
        return shedding.done;
    }

    @Override
    public void due(LiveConnection connection, CloseReason reason, Runnable leave) {
        try {
            scheduler.execute(() -> queue.add(new Due(connection, reason, leave)));
        } catch (RejectedExecutionException e) {
            log.debug("A connection came due after the end");
        }
    }

    private void tick(Runnable task, long nanos) {
        scheduler.schedule(task, nanos, TimeUnit.NANOSECONDS);
    }

    /** Takes a turn; false when the connection has gone meanwhile. */
    private boolean leave(LiveConnection connection, CloseReason reason, Runnable leave) {
        observer.waiting(reason, -1);
        if (!connections.contains(connection)) {
            return false;
        }
        // A connection that cannot be asked does not delay those behind it.
        Containment.run(scheduler, Place.TASK, () -> {
            observer.asked(reason);
            leave.run();
        });
        return true;
    }

    private record Due(LiveConnection connection, CloseReason reason, Runnable leave) {}

    /** One call's worth of connections. Its ticks never overlap. */
    private final class Shedding implements Runnable {
        private final List<LiveConnection> order;
        private final CloseReason reason;
        private final Pace pace;
        private final CompletableFuture<Void> done = new CompletableFuture<>();
        private int next;
        private long planned;

        Shedding(List<LiveConnection> order, CloseReason reason, long over) {
            this.order = order;
            this.reason = reason;
            this.pace = Pace.of(Math.max(1, order.size()), over);
        }

        void start() {
            if (order.isEmpty()) {
                done.complete(null);
                return;
            }
            long first = pace.intervalNanos() == 0 ? 0 : random.nextLong(pace.intervalNanos());
            planned = clock.nanoTime() + first;
            scheduler.execute(() -> observer.waiting(reason, order.size()));
            tick(this, first);
        }

        @Override
        public void run() {
            for (int asked = 0; asked < pace.batch() && next < order.size(); ) {
                LiveConnection connection = order.get(next++);
                if (leave(connection, reason, () -> connection.close(reason))) {
                    asked++;
                }
            }
            if (next == order.size()) {
                done.complete(null);
                return;
            }
            long now = clock.nanoTime();
            planned = pace.after(planned, now);
            tick(this, planned - now);
        }
    }

    /** Those that have come due. Lives on the scheduler's thread. */
    private final class Queueing implements Runnable {
        private final Queue<Due> waiting = new ArrayDeque<>();
        /** How many were live at most since somebody had to wait: the pace does not slacken as they go. */
        private int crowd;

        private boolean ticking;
        private long planned;

        void add(Due due) {
            observer.waiting(due.reason(), 1);
            waiting.add(due);
            crowd = Math.max(crowd, connections.size());
            if (!ticking) {
                ticking = true;
                planned = clock.nanoTime();
                run();
            }
        }

        @Override
        public void run() {
            Pace pace = pace();
            int asked = 0;
            while (asked < pace.batch() && !waiting.isEmpty()) {
                Due due = waiting.remove();
                if (leave(due.connection(), due.reason(), due.leave())) {
                    asked++;
                }
            }
            // One tick more than needed: who comes due next keeps the distance too.
            ticking = asked > 0;
            if (ticking) {
                long now = clock.nanoTime();
                planned = pace.after(planned, now);
                tick(this, planned - now);
            } else {
                crowd = 0;
            }
        }

        private Pace pace() {
            long over = window.get().toNanos();
            double each = over / (double) Math.max(1, crowd);
            double eased = TimeUnit.SECONDS.toNanos(1) / (double) AT_EASE;
            return each < eased ? Pace.of(Math.max(1, crowd), over) : Pace.of(AT_EASE, TimeUnit.SECONDS.toNanos(1));
        }
    }
}
