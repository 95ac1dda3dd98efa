package dev.wsroute.proxy.metrics;

import dev.wsroute.config.AccessLogConfig;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes the access log on a thread of its own. Event loops only put entries into a bounded queue, without a lock; what
 * comes while the queue is full is dropped and counted.
 */
public final class AccessLogger implements AccessLog, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(AccessLogger.class);
    private static final int WAITING = 8192;
    private static final int BATCH = 64 * 1024;
    private static final long PATIENCE_MILLIS = 1000;

    /** Lines are gathered for so long: to be woken costs more than to write one. */
    private static final long GATHER_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private final OutputStream out;
    private final int capacity;
    private final Queue<AccessEntry> queue = new ConcurrentLinkedQueue<>();
    private final AtomicInteger waiting = new AtomicInteger();
    private final LongAdder dropped = new LongAdder();
    private final AccessLineFormat json = new AccessJson();
    private final AccessLineFormat text = new AccessText();
    private final Thread writer = new Thread(this::run, "access-log");
    private final Supplier<AccessLogConfig> config;
    private volatile boolean parked;
    private volatile boolean closed;

    /**
     * @param out every write to it is of whole lines
     * @param config of the configuration in force
     */
    public AccessLogger(OutputStream out, Supplier<AccessLogConfig> config) {
        this(out, config, WAITING);
    }

    AccessLogger(OutputStream out, Supplier<AccessLogConfig> config, int capacity) {
        this.out = out;
        this.config = config;
        this.capacity = capacity;
        writer.setDaemon(true);
        writer.start();
    }

    /** How many entries were dropped since the output was slower than they came. */
    public long dropped() {
        return dropped.sum();
    }

    @Override
    public void log(AccessEntry entry) {
        if (!config.get().enabled()) {
            return;
        }
        if (waiting.incrementAndGet() > capacity || closed) {
            waiting.decrementAndGet();
            dropped.increment();
            return;
        }
        queue.add(entry);
        if (parked) {
            LockSupport.unpark(writer);
        }
    }

    private void run() {
        ByteArrayOutputStream lines = new ByteArrayOutputStream();
        while (true) {
            int taken = gather(lines);
            if (taken > 0) {
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
    private int gather(ByteArrayOutputStream lines) {
        AccessLineFormat format = config.get().format() == AccessLogConfig.Format.JSON ? json : text;
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        int taken = 0;
        while (lines.size() < BATCH) {
            AccessEntry entry = queue.poll();
            if (entry == null) {
                break;
            }
            taken++;
            line.reset();
            try {
                format.write(entry, line);
                line.writeTo(lines);
            } catch (IOException | RuntimeException e) {
                // One that can't be told must not end all that follow it.
                LOG.error("A line of the access log is lost for an error of the proxy's own", e);
                dropped.increment();
            }
        }
        return taken;
    }

    /** An output that fails is no reason to stop serving: what could not be written counts as dropped. */
    private void write(ByteArrayOutputStream lines, int count) {
        try {
            lines.writeTo(out);
            out.flush();
        } catch (IOException e) {
            dropped.add(count);
        } finally {
            waiting.addAndGet(-count);
            lines.reset();
        }
    }

    /** Writes what waits, as far as the output takes it within a second. */
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
}
