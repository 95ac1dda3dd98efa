// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.containment;

import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs tasks on named daemon threads. Unlike the JDK's scheduler, it logs a task that throws, and continues a periodic
 * one.
 */
public final class LoggingScheduler extends ScheduledThreadPoolExecutor {

    private static final Logger LOG = LoggerFactory.getLogger(LoggingScheduler.class);

    private final String name;
    private final Set<Thread> threads;

    /** With a single thread. */
    public LoggingScheduler(String name) {
        this(name, 1);
    }

    public LoggingScheduler(String name, int threads) {
        this(name, threads, ConcurrentHashMap.newKeySet());
    }

    private LoggingScheduler(String name, int threads, Set<Thread> started) {
        super(threads, task -> {
            Thread thread = new Thread(task, name);
            thread.setDaemon(true);
            started.add(thread);
            return thread;
        });
        this.name = name;
        this.threads = started;
        setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        setRemoveOnCancelPolicy(true);
    }

    /** Whether the current thread is one of this scheduler's. */
    boolean inThread() {
        return threads.contains(Thread.currentThread());
    }

    @Override
    public String toString() {
        return "the thread '" + name + "'";
    }

    @Override
    public ScheduledFuture<?> scheduleAtFixedRate(Runnable task, long initialDelay, long period, TimeUnit unit) {
        return super.scheduleAtFixedRate(() -> contained(task), initialDelay, period, unit);
    }

    @Override
    public ScheduledFuture<?> scheduleWithFixedDelay(Runnable task, long initialDelay, long delay, TimeUnit unit) {
        return super.scheduleWithFixedDelay(() -> contained(task), initialDelay, delay, unit);
    }

    private void contained(Runnable task) {
        try {
            task.run();
        } catch (Throwable e) {
            LOG.error("A periodic task on thread '{}' failed; it will run again", name, e);
        }
    }

    @Override
    protected void afterExecute(Runnable task, @Nullable Throwable thrown) {
        super.afterExecute(task, thrown);
        Throwable problem = thrown;
        if (problem == null && task instanceof Future<?> future && future.isDone()) {
            try {
                future.get();
            } catch (CancellationException e) {
                LOG.trace("A task on thread '{}' was cancelled", name);
            } catch (ExecutionException e) {
                problem = e.getCause();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        if (problem != null) {
            LOG.error("A task on thread '{}' failed", name, problem);
        }
    }
}
