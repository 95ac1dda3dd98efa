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
 * Lines on their way to an output, which a thread of its own writes. Whoever has a line leaves it here and goes on: none
 * waits, however slow the output is. What comes while the queue is full is dropped and counted.
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

    /** Of the dropped lines, how many were spoken of; of the writer. */
    private long told;

    /**
     * @param name of the thread
     * @param out every write to it is of whole lines
     * @param maxLines that wait
     * @param maxBytes that wait, with what the queue itself takes for them
     * @param notice is told how many lines were dropped, once the output has taken all that waited; on the writer's thread
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

    /** Leaves whole lines to be written. Never blocks, never throws. */
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
            // Such as a thread that the system refuses: a line is not worth what its caller is doing.
            write.drop();
        }
    }

    /** Counts a line that could not even be made. */
    void lost() {
        dropped.increment();
    }

    /** How many entries were dropped, since too many waited, or since the output failed. */
    long dropped() {
        return dropped.sum();
    }

    /** Takes no more; what is there is still written. */
    void end() {
        writer.shutdown();
    }

    /**
     * Waits until the output has taken what was there at the end.
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
                // Counted by the output. Nobody is left who could be told.
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
