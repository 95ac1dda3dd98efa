// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.testkit;

import java.time.Duration;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.Callable;
import java.util.concurrent.Delayed;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/** Executes tasks at once, and scheduled tasks when a test advances the time. Not thread-safe. */
public final class ManualScheduler extends AbstractExecutorService implements ScheduledExecutorService {

    private final PriorityQueue<Task<?>> tasks = new PriorityQueue<>();
    private long now;
    private long order;

    /** Advances the time, and runs the tasks that become due, in order. */
    public void advance(Duration by) {
        long until = now + by.toNanos();
        for (Task<?> next = tasks.peek(); next != null && next.due <= until; next = tasks.peek()) {
            tasks.remove(next);
            now = Math.max(now, next.due);
            next.run();
        }
        now = until;
    }

    /** Advances the time without running tasks, as if the process were paused. */
    public void pause(Duration by) {
        now += by.toNanos();
    }

    /** Number of scheduled tasks. */
    public int pending() {
        return tasks.size();
    }

    public long nanoTime() {
        return now;
    }

    @Override
    public void execute(Runnable command) {
        command.run();
    }

    @Override
    public ScheduledFuture<?> schedule(Runnable command, long delay, TimeUnit unit) {
        return add(new Task<>(
                () -> {
                    command.run();
                    return true;
                },
                unit.toNanos(delay)));
    }

    @Override
    public <V> ScheduledFuture<V> schedule(Callable<V> callable, long delay, TimeUnit unit) {
        return add(new Task<>(callable, unit.toNanos(delay)));
    }

    @Override
    public ScheduledFuture<?> scheduleAtFixedRate(Runnable command, long initial, long period, TimeUnit unit) {
        return scheduleWithFixedDelay(command, initial, period, unit);
    }

    @Override
    public ScheduledFuture<?> scheduleWithFixedDelay(Runnable command, long initial, long delay, TimeUnit unit) {
        return schedule(
                () -> {
                    command.run();
                    scheduleWithFixedDelay(command, delay, delay, unit);
                },
                initial,
                unit);
    }

    @Override
    public void shutdown() {
        tasks.clear();
    }

    @Override
    public List<Runnable> shutdownNow() {
        tasks.clear();
        return List.of();
    }

    @Override
    public boolean isShutdown() {
        return false;
    }

    @Override
    public boolean isTerminated() {
        return false;
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) {
        return true;
    }

    private <V> Task<V> add(Task<V> task) {
        tasks.add(task);
        return task;
    }

    private final class Task<V> extends FutureTask<V> implements ScheduledFuture<V> {

        private final long due;
        private final long place = order++;

        Task(Callable<V> callable, long delay) {
            super(callable);
            this.due = now + delay;
        }

        @Override
        public long getDelay(TimeUnit unit) {
            return unit.convert(due - now, TimeUnit.NANOSECONDS);
        }

        @Override
        public int compareTo(Delayed other) {
            Task<?> task = (Task<?>) other;
            return due == task.due ? Long.compare(place, task.place) : Long.compare(due, task.due);
        }
    }
}
