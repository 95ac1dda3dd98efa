package dev.wsroute.proxy.accesslog;

import dev.wsroute.config.AccessLogConfig;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
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
 * Writes the access log on a thread of its own. Event loops only put entries into a queue, without a lock. It is
 * bounded in entries and in bytes; entries that do not fit are dropped and counted, and the program's own log says so
 * once the queue has emptied.
 */
public final class AccessLogger implements AccessLog, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(AccessLogger.class);
    private static final int WAITING = 8192;
    private static final int BATCH = 64 * 1024;
    private static final long MAX_BYTES = 4 * 1024 * 1024;
    private static final long PATIENCE_MILLIS = 500;

    /** Lines are gathered for so long: to be woken costs more than to write one. */
    private static final long GATHER_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private final OutputStream out;
    private final int capacity;
    private final long maxBytes;
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

    /** Dropped entries that were reported already. Used by the writer. */
    private long told;

    /**
     * @param out every write to it is of whole lines
     * @param config of the configuration in force
     */
    public AccessLogger(OutputStream out, Supplier<AccessLogConfig> config) {
        this(out, config, WAITING, MAX_BYTES);
    }

    /**
     * @param capacity entries that wait
     * @param maxBytes that they hold
     */
    AccessLogger(OutputStream out, Supplier<AccessLogConfig> config, int capacity, long maxBytes) {
        this.out = out;
        this.config = config;
        this.capacity = capacity;
        this.maxBytes = maxBytes;
        writer.setDaemon(true);
        writer.start();
    }

    /** How many entries were dropped because the queue was full or the output failed. */
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
                if (!closed) {
                    LockSupport.parkNanos(this, GATHER_NANOS);
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

    /** Takes entries until there are none, or enough for one write. */
    private Batch gather(ByteArrayOutputStream lines) {
        AccessLineFormat format = config.get().format() == AccessLogConfig.Format.JSON ? json : text;
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        int taken = 0;
        long bytes = 0;
        while (lines.size() < BATCH) {
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
                // One that can't be told must not end all that follow it.
                LOG.error("A line of the access log is lost for an error of the proxy's own", e);
                dropped.increment();
            }
        }
        return new Batch(taken, bytes);
    }

    /** An output that fails is no reason to stop serving: what could not be written counts as dropped. */
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
        if (now > told && queue.isEmpty()) {
            LOG.warn(
                    "{} line(s) of the access log were dropped because standard output was too slow or blocked",
                    now - told);
            told = now;
        }
    }

    /** Writes the waiting entries, as far as the output takes them within a short time. */
    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(writer);
        try {
            TimeUnit.MILLISECONDS.timedJoin(writer, PATIENCE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** What was taken from the queue for one write. */
    private record Batch(int entries, long bytes) {}
}
