package dev.wsroute.proxy.drain;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/**
 * Asks connections to leave one by one, in random order, at equal intervals. Intervals shorter than
 * {@value #MIN_TICK_MILLIS} ms are taken together to small batches. After a late tick (a paused process) it goes on at
 * its pace, or at most a quarter faster, instead of catching up with a burst.
 */
public final class PacedShedder implements Shedder {

    static final long MIN_TICK_MILLIS = 10;
    private static final double CATCH_UP = 0.8;

    private final ScheduledExecutorService scheduler;
    private final RandomGenerator random;
    private final NanoClock clock;

    /** Reads a monotonic time in nanoseconds. */
    @FunctionalInterface
    public interface NanoClock {
        long nanoTime();
    }

    /**
     * @param scheduler runs the ticks; they are short and never block
     */
    public PacedShedder(ScheduledExecutorService scheduler) {
        this(scheduler, new Random(), System::nanoTime);
    }

    PacedShedder(ScheduledExecutorService scheduler, RandomGenerator random, NanoClock clock) {
        this.scheduler = scheduler;
        this.random = random;
        this.clock = clock;
    }

    @Override
    public CompletionStage<Void> shed(Collection<LiveConnection> connections, CloseReason reason, Duration over) {
        List<LiveConnection> order = new ArrayList<>(connections);
        Collections.shuffle(order, new Random(random.nextLong()));
        Shedding shedding = new Shedding(order, reason, over.toNanos());
        shedding.start();
        return shedding.done;
    }

    /** One call's worth of connections. Its ticks never overlap. */
    private final class Shedding implements Runnable {
        private final List<LiveConnection> order;
        private final CloseReason reason;
        private final int batch;
        private final long interval;
        private final CompletableFuture<Void> done = new CompletableFuture<>();
        private int next;
        private long planned;

        Shedding(List<LiveConnection> order, CloseReason reason, long over) {
            this.order = order;
            this.reason = reason;
            int count = Math.max(1, order.size());
            long shortest = TimeUnit.MILLISECONDS.toNanos(MIN_TICK_MILLIS);
            long each = over / count;
            this.batch =
                    over == 0 ? count : each >= shortest ? 1 : (int) Math.ceil((double) shortest / Math.max(1, each));
            this.interval = over / ((count + batch - 1) / batch);
        }

        void start() {
            if (order.isEmpty()) {
                done.complete(null);
                return;
            }
            long first = interval == 0 ? 0 : random.nextLong(interval);
            planned = clock.nanoTime() + first;
            scheduler.schedule(this, first, TimeUnit.NANOSECONDS);
        }

        @Override
        public void run() {
            int end = Math.min(order.size(), next + batch);
            while (next < end) {
                order.get(next++).close(reason);
            }
            if (next == order.size()) {
                done.complete(null);
                return;
            }
            long now = clock.nanoTime();
            planned = Math.max(planned + interval, now + (long) (interval * CATCH_UP));
            scheduler.schedule(this, planned - now, TimeUnit.NANOSECONDS);
        }
    }
}
