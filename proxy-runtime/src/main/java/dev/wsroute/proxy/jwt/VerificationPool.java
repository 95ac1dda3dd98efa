// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.jwt;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Verifies signatures beside the event loops, since one takes longer than a loop may be busy (ADR 53). What waits is bounded: a flood of
 * tokens costs no more than these threads.
 */
final class VerificationPool implements AutoCloseable {

    private final ThreadPoolExecutor workers;

    /**
     * @param threads at least one
     * @param queue how many tokens may wait
     */
    VerificationPool(int threads, int queue) {
        AtomicInteger number = new AtomicInteger();
        workers = new ThreadPoolExecutor(
                threads, threads, 30, TimeUnit.SECONDS, new ArrayBlockingQueue<>(queue), task -> {
                    Thread thread = new Thread(task, "tokens-" + number.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                });
        workers.allowCoreThreadTimeOut(true);
    }

    /** Runs a task soon. Returns false if too many wait, or after the end. */
    boolean run(Runnable task) {
        try {
            workers.execute(task);
            return true;
        } catch (RejectedExecutionException e) {
            return false;
        }
    }

    @Override
    public void close() {
        workers.shutdownNow();
    }
}
