// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.drain;

import dev.wsroute.proxy.containment.Containment;
import dev.wsroute.proxy.containment.FailurePoint;
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
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Paces everything that closes many connections.
 *
 * <p>Connections that are shed together ({@link #shed}) are closed one by one, in random order, at equal intervals over
 * their window. Connections that reach a limit of their own ({@link #enqueue}) are closed in order of arrival, at
 * {@value #MIN_PER_SECOND} per second or at the rate that would close all live connections over {@code drain.over},
 * whichever is faster.
 *
 * <p>After a late tick (a paused process) both continue at their {@link ShedRate} instead of catching up in a burst.
 * Connections that have closed by then are skipped.
 */
public final class PacedShedder implements Shedder, CloseQueue {

    private static final Logger LOG = LoggerFactory.getLogger(PacedShedder.class);

    /** The lowest rate for connections that reach a limit of their own. */
    static final int MIN_PER_SECOND = 20;

    private final ScheduledExecutorService scheduler;
    private final ConnectionRegistry connections;
    private final Supplier<Duration> window;
    private final ShedObserver observer;
    private final RandomGenerator random;
    private final NanoClock clock;
    private final PacedQueue queue = new PacedQueue();
    private final AtomicInteger drains = new AtomicInteger();

    /** Reads a monotonic time in nanoseconds. */
    @FunctionalInterface
    public interface NanoClock {
        long nanoTime();
    }

    /**
     * @param scheduler single-threaded; runs the ticks, which never block
     * @param connections the open connections
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
    public CompletionStage<Void> shed(Collection<LiveConnection> targets, CloseReason reason, Duration over) {
        List<LiveConnection> order = new ArrayList<>(targets);
        Collections.shuffle(order, new Random(random.nextLong()));
        ShedRun run = new ShedRun(order, reason, over.toNanos());
        if (!reason.isForBalance()) {
            drains.incrementAndGet();
            run.done.thenRun(drains::decrementAndGet);
        }
        run.start();
        return run.done;
    }

    @Override
    public boolean isDraining() {
        return drains.get() > 0;
    }

    @Override
    public void enqueue(LiveConnection connection, CloseReason reason, Runnable close) {
        try {
            scheduler.execute(() -> queue.add(new QueuedClose(connection, reason, close)));
        } catch (RejectedExecutionException e) {
            LOG.debug("Dropped a queued close: the scheduler has shut down");
        }
    }

    private void tick(Runnable task, long nanos) {
        scheduler.schedule(task, nanos, TimeUnit.NANOSECONDS);
    }

    /** Closes a connection; false when it has closed already. */
    private boolean closeIfOpen(LiveConnection connection, CloseReason reason, Runnable close) {
        observer.waiting(reason, -1);
        if (!connections.contains(connection)) {
            return false;
        }
        // A failure does not delay the connections behind it.
        Containment.run(scheduler, FailurePoint.TASK, () -> {
            observer.asked(reason);
            close.run();
        });
        return true;
    }

    private record QueuedClose(LiveConnection connection, CloseReason reason, Runnable close) {}

    /** The connections of one {@link #shed} call. Its ticks never overlap. */
    private final class ShedRun implements Runnable {
        private final List<LiveConnection> order;
        private final CloseReason reason;
        private final ShedRate rate;
        private final CompletableFuture<Void> done = new CompletableFuture<>();
        private int next;
        private long planned;

        ShedRun(List<LiveConnection> order, CloseReason reason, long over) {
            this.order = order;
            this.reason = reason;
            this.rate = ShedRate.of(Math.max(1, order.size()), over);
        }

        void start() {
            if (order.isEmpty()) {
                done.complete(null);
                return;
            }
            long first = rate.intervalNanos() == 0 ? 0 : random.nextLong(rate.intervalNanos());
            planned = clock.nanoTime() + first;
            scheduler.execute(() -> observer.waiting(reason, order.size()));
            tick(this, first);
        }

        @Override
        public void run() {
            for (int asked = 0; asked < rate.batch() && next < order.size(); ) {
                LiveConnection connection = order.get(next++);
                if (closeIfOpen(connection, reason, () -> connection.close(reason))) {
                    asked++;
                }
            }
            if (next == order.size()) {
                done.complete(null);
                return;
            }
            long now = clock.nanoTime();
            planned = rate.next(planned, now);
            tick(this, planned - now);
        }
    }

    /** Connections that reached a limit of their own. Confined to the scheduler's thread. */
    private final class PacedQueue implements Runnable {
        private final Queue<QueuedClose> waiting = new ArrayDeque<>();
        /** Most live connections since the queue was last empty, so that the rate does not drop as they close. */
        private int peakLive;

        private boolean ticking;
        private long planned;

        void add(QueuedClose next) {
            observer.waiting(next.reason(), 1);
            waiting.add(next);
            peakLive = Math.max(peakLive, connections.size());
            if (!ticking) {
                ticking = true;
                planned = clock.nanoTime();
                run();
            }
        }

        @Override
        public void run() {
            ShedRate rate = rate();
            int asked = 0;
            while (asked < rate.batch() && !waiting.isEmpty()) {
                QueuedClose next = waiting.remove();
                if (closeIfOpen(next.connection(), next.reason(), next.close())) {
                    asked++;
                }
            }
            // One tick more than needed, so that the next connection keeps the interval too.
            ticking = asked > 0;
            if (ticking) {
                long now = clock.nanoTime();
                planned = rate.next(planned, now);
                tick(this, planned - now);
            } else {
                peakLive = 0;
            }
        }

        private ShedRate rate() {
            long over = window.get().toNanos();
            double each = over / (double) Math.max(1, peakLive);
            double longest = TimeUnit.SECONDS.toNanos(1) / (double) MIN_PER_SECOND;
            return each < longest
                    ? ShedRate.of(Math.max(1, peakLive), over)
                    : ShedRate.of(MIN_PER_SECOND, TimeUnit.SECONDS.toNanos(1));
        }
    }
}
