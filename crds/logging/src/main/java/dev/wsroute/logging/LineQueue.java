package dev.wsroute.logging;

import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongConsumer;

/**
 * A queue of lines for an output, written by a thread of its own. Callers enqueue a line and go on, however slow the
 * output is. Lines that find the queue full are dropped and counted.
 */
final class LineQueue {

    /** What an entry takes beside its bytes: the array's header, the task and the queue's node. */
    private static final int ENTRY_BYTES = 64;

    private final OutputStream out;
    private final long maxBytes;
    private final LongConsumer notice;
    private final ThreadPoolExecutor writer;
    private final AtomicLong bytes = new AtomicLong();
    private final LongAdder dropped = new LongAdder();

    /** Dropped lines that were reported already. Used by the writer. */
    private long told;

    /**
     * @param name of the thread
     * @param out every write to it is of whole lines
     * @param maxLines that wait
     * @param maxBytes that wait, with what the queue itself takes for them
     * @param notice is told how many lines were dropped, once the queue has emptied; on the writer's thread
     */
    LineQueue(String name, OutputStream out, int maxLines, long maxBytes, LongConsumer notice) {
        this.out = out;
        this.maxBytes = maxBytes;
        this.notice = notice;
        this.writer = new ThreadPoolExecutor(
                1,
                1,
                0,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(maxLines),
                task -> {
                    Thread thread = new Thread(task, name);
                    thread.setDaemon(true);
                    return thread;
                },
                (task, full) -> ((Write) task).drop());
    }

    /** Enqueues whole lines. Never blocks, never throws. */
    void offer(byte[] lines) {
        long size = ENTRY_BYTES + (long) lines.length;
        if (bytes.addAndGet(size) > maxBytes) {
            bytes.addAndGet(-size);
            dropped.increment();
            return;
        }
        Write write = new Write(lines, size);
        try {
            writer.execute(write);
        } catch (RuntimeException | Error e) {
            // Such as a refused thread: a lost line must not disturb the caller.
            write.drop();
        }
    }

    /** Counts a line that could not be formatted. */
    void lost() {
        dropped.increment();
    }

    /** How many entries were dropped because the queue was full or the output failed. */
    long dropped() {
        return dropped.sum();
    }

    /** Accepts no more lines; those in the queue are still written. */
    void end() {
        writer.shutdown();
    }

    /**
     * Waits until the output has taken the lines left at the end.
     *
     * @return whether it has, within {@code nanos}
     */
    boolean awaitEnd(long nanos) {
        try {
            return writer.awaitTermination(nanos, TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private final class Write implements Runnable {

        private final byte[] lines;
        private final long size;

        Write(byte[] lines, long size) {
            this.lines = lines;
            this.size = size;
        }

        void drop() {
            bytes.addAndGet(-size);
            dropped.increment();
        }

        @Override
        public void run() {
            try {
                out.write(lines);
            } catch (IOException | RuntimeException e) {
                // Counted by the output, and there is nowhere left to report it.
                drop();
                return;
            }
            bytes.addAndGet(-size);
            long now = dropped.sum();
            if (now > told && writer.getQueue().isEmpty()) {
                long more = now - told;
                told = now;
                notice.accept(more);
            }
        }
    }
}
