// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.access;

import dev.wsroute.proxy.clientaddress.ClientKey;
import java.net.InetAddress;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Threads for checks that take longer than an event loop may be busy. What waits is bounded, in total and for each client: a flood costs
 * no more than these threads, and keeps nobody else out. Thread-safe.
 */
public final class CheckWorkers implements AutoCloseable {

    private static final int IDLE_SECONDS = 30;

    private final ClientShares shares;
    private final ThreadPoolExecutor threads;

    /**
     * @param name of the threads
     * @param number of threads, at least one
     * @param places how many checks may wait or run; one client gets half of them at most
     * @param mostOfOne how many of one client
     */
    public CheckWorkers(String name, int number, int places, int mostOfOne) {
        AtomicInteger made = new AtomicInteger();
        shares = new ClientShares(places, mostOfOne);
        // Bounded by the shares.
        threads = new ThreadPoolExecutor(
                number, number, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
                    Thread thread = new Thread(task, name + "-" + made.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                });
        threads.allowCoreThreadTimeOut(true);
    }

    /** Runs a check soon. Returns false if too many wait, in total or of this client, or after the end. */
    public boolean run(InetAddress client, Runnable check) {
        ClientKey key = ClientKey.of(client);
        if (!shares.enter(key)) {
            return false;
        }
        try {
            threads.execute(() -> {
                try {
                    check.run();
                } finally {
                    shares.leave(key);
                }
            });
            return true;
        } catch (RejectedExecutionException e) {
            shares.leave(key);
            return false;
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
