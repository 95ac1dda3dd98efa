// SPDX-License-Identifier: Apache-2.0
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
 * A bounded queue of lines for an output, with its own writer thread. Enqueuing never blocks, however slow the output is.
 * Lines are dropped and counted while the queue is full.
 */
final class LineQueue {

    /** Overhead of an entry in bytes: array header, task and queue node. */
    private static final int ENTRY_BYTES = 64;

    private final OutputStream out;
    private final long maxBytes;
    private final LongConsumer notice;
    private final ThreadPoolExecutor writer;
    private final AtomicLong bytes = new AtomicLong();
    private final LongAdder dropped = new LongAdder();

    /** Number of dropped lines that have been reported. Used by the writer thread only. */
    private long reported;

    /**
     * @param name of the thread
     * @param out receives whole lines with each write
     * @param maxLines maximum number of queued lines
     * @param maxBytes maximum size of the queue, including its overhead
     * @param notice called on the writer thread with the number of dropped lines, once the queue is empty again
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
            // For example if no thread can be created: a lost line must not disturb the caller.
            write.drop();
        }
    }

    /** Counts a line that could not be formatted as dropped. */
    void lost() {
        dropped.increment();
    }

    /** How many entries were dropped because the queue was full or the output failed. */
    long dropped() {
        return dropped.sum();
    }

    /** Accepts no more lines; queued lines are still written. */
    void end() {
        writer.shutdown();
    }

    /**
     * Waits until the remaining lines have been written.
     *
     * @return false if that takes longer than {@code nanos}
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
                // Counted by the output; there is nowhere left to report it.
                drop();
                return;
            }
            bytes.addAndGet(-size);
            long now = dropped.sum();
            if (now > reported && writer.getQueue().isEmpty()) {
                long more = now - reported;
                reported = now;
                notice.accept(more);
            }
        }
    }
}
