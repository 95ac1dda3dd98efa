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
 * Threads for checks that take longer than an event loop may be busy. What waits is bounded, in total and for each client, and clients
 * take turns: a flood costs no more than these threads, keeps nobody else out, and delays others little. Thread-safe.
 */
public final class CheckWorkers implements AutoCloseable {

    private static final int IDLE_SECONDS = 30;

    private final ClientShares shares;
    private final TurnQueue<Waiting> waiting = new TurnQueue<>();
    private final ThreadPoolExecutor threads;

    private record Waiting(ClientKey client, Runnable check) {}

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
        Waiting added = new Waiting(key, check);
        synchronized (waiting) {
            waiting.add(key, added);
        }
        try {
            // One run for each check, but of whose turn it is then.
            threads.execute(this::runNext);
            return true;
        } catch (RejectedExecutionException e) {
            synchronized (waiting) {
                if (!waiting.remove(key, added)) {
                    // A run that was for another has taken it.
                    return true;
                }
            }
            shares.leave(key);
            return false;
        }
    }

    private void runNext() {
        Waiting next;
        synchronized (waiting) {
            next = waiting.poll(site -> false);
        }
        if (next != null) {
            try {
                next.check.run();
            } finally {
                shares.leave(next.client);
            }
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
