// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.accesslog;

import dev.wsroute.config.AccessLogConfig;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes the access log on its own thread. Event loops only add entries to a lock-free queue, which is bounded in
 * entries and in bytes. Entries that do not fit are dropped and counted, which is logged once the queue has emptied.
 */
public final class AccessLogger implements AccessLogSink, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(AccessLogger.class);
    private static final int WAITING = 8192;
    private static final int BATCH = 64 * 1024;
    private static final long MAX_BYTES = 4 * 1024 * 1024;

    /** How long closing waits until all lines are written. */
    private static final Duration PATIENCE = Duration.ofMillis(500);

    /** Lines are batched for this long, since waking the thread costs more than writing a line. */
    private static final Duration GATHERING = Duration.ofMillis(20);

    private final OutputStream out;
    private final int capacity;
    private final long maxBytes;
    private final long gatherNanos;
    private final Duration patience;
    private final Queue<AccessEntry> queue = new ConcurrentLinkedQueue<>();
    private final AtomicInteger waiting = new AtomicInteger();
    private final AtomicLong waitingBytes = new AtomicLong();
    private final LongAdder dropped = new LongAdder();
    private final AccessLineFormat json = new AccessJson();
    private final AccessLineFormat text = new AccessText();
    private final Thread writer = new Thread(this::run, "access-log");
    private final Supplier<AccessLogConfig> config;
    private volatile boolean parked;
    private volatile boolean closed;

    /** Dropped entries that were already reported. Used by the writer thread. */
    private long reported;

    /**
     * @param out receives only whole lines
     * @param config settings of the current configuration
     */
    public AccessLogger(OutputStream out, Supplier<AccessLogConfig> config) {
        this(out, config, WAITING, MAX_BYTES, GATHERING, PATIENCE);
    }

    /**
     * @param capacity maximum number of queued entries
     * @param maxBytes maximum number of bytes of queued entries
     * @param gathering how long lines are batched, unless enough for one write have come
     * @param patience how long {@link #close} waits until all lines are written
     */
    AccessLogger(
            OutputStream out,
            Supplier<AccessLogConfig> config,
            int capacity,
            long maxBytes,
            Duration gathering,
            Duration patience) {
        this.out = out;
        this.config = config;
        this.capacity = capacity;
        this.maxBytes = maxBytes;
        this.gatherNanos = gathering.toNanos();
        this.patience = patience;
        writer.setDaemon(true);
        writer.start();
    }

    /** Number of entries dropped because the queue was full or the output failed. */
    public long dropped() {
        return dropped.sum();
    }

    @Override
    public void log(AccessEntry entry) {
        if (!config.get().enabled()) {
            return;
        }
        int bytes = entry.bytes();
        boolean tooMany = waiting.incrementAndGet() > capacity;
        boolean tooLarge = waitingBytes.addAndGet(bytes) > maxBytes;
        if (tooMany || tooLarge || closed) {
            makeRoom(1, bytes);
            dropped.increment();
            return;
        }
        queue.add(entry);
        if (parked) {
            LockSupport.unpark(writer);
        }
    }

    private void makeRoom(int entries, long bytes) {
        waiting.addAndGet(-entries);
        waitingBytes.addAndGet(-bytes);
    }

    private void run() {
        ByteArrayOutputStream lines = new ByteArrayOutputStream();
        while (true) {
            Batch taken = gather(lines);
            if (taken.entries() > 0) {
                write(lines, taken);
                if (!closed && !taken.full()) {
                    LockSupport.parkNanos(this, gatherNanos);
                }
            } else if (closed) {
                return;
            } else {
                parked = true;
                if (queue.isEmpty() && !closed) {
                    LockSupport.park(this);
                }
                parked = false;
            }
        }
    }

    /** Formats queued entries until there are none left or enough for one write. */
    private Batch gather(ByteArrayOutputStream lines) {
        AccessLineFormat format = config.get().format() == AccessLogConfig.Format.JSON ? json : text;
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        int taken = 0;
        long bytes = 0;
        boolean full = false;
        while (!full) {
            AccessEntry entry = queue.poll();
            if (entry == null) {
                break;
            }
            taken++;
            bytes += entry.bytes();
            line.reset();
            try {
                format.write(entry, line);
                line.writeTo(lines);
            } catch (IOException | RuntimeException | Error e) {
                // An entry that cannot be formatted must not affect those after it.
                LOG.error("Lost an access log line because of an internal error", e);
                dropped.increment();
            }
            full = lines.size() >= BATCH;
        }
        return new Batch(taken, bytes, full);
    }

    /** If the output fails, the proxy keeps serving and counts the lines as dropped. */
    private void write(ByteArrayOutputStream lines, Batch taken) {
        try {
            lines.writeTo(out);
            out.flush();
        } catch (IOException | RuntimeException e) {
            dropped.add(taken.entries());
            return;
        } finally {
            makeRoom(taken.entries(), taken.bytes());
            lines.reset();
        }
        long now = dropped.sum();
        if (now > reported && queue.isEmpty()) {
            LOG.warn("Dropped {} access log line(s) because standard output was too slow or blocked", now - reported);
            reported = now;
        }
    }

    /** Writes the queued entries, as far as the output accepts them within a short time. */
    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(writer);
        try {
            TimeUnit.MILLISECONDS.timedJoin(writer, patience.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * The entries of one write.
     *
     * @param full whether more may be waiting
     */
    private record Batch(int entries, long bytes, boolean full) {}
}
