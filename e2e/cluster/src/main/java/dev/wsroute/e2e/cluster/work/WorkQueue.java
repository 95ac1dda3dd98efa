// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.cluster.work;

import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Processes keys one after the other on one thread. A key that was added several times is processed once. A failed key is
 * retried after 5 ms, later after up to a second.
 */
public final class WorkQueue<K> implements AutoCloseable {

    /** Processes a key. It reads the current state itself. */
    @FunctionalInterface
    public interface Worker<K> {
        void work(K key);
    }

    private static final Logger LOG = LoggerFactory.getLogger(WorkQueue.class);
    private static final long FIRST_RETRY_MILLIS = 5;
    private static final long LAST_RETRY_MILLIS = 1_000;

    private final String name;
    private final Worker<K> worker;
    private final ScheduledThreadPoolExecutor executor;
    private final Set<K> queued = ConcurrentHashMap.newKeySet();
    /** Confined to the queue's thread. */
    private final Map<K, Integer> failures = new HashMap<>();

    public WorkQueue(String name, Worker<K> worker) {
        this.name = name;
        this.worker = worker;
        this.executor = new ScheduledThreadPoolExecutor(
                1,
                task -> {
                    Thread thread = new Thread(task, name);
                    thread.setDaemon(true);
                    return thread;
                },
                new ThreadPoolExecutor.DiscardPolicy());
        executor.setRemoveOnCancelPolicy(true);
    }

    /** Queues {@code key} unless it is queued already. */
    public void add(K key) {
        if (queued.add(key)) {
            executor.execute(() -> process(key));
        }
    }

    /** Queues {@code key} once {@code delay} has passed. */
    public void addAfter(K key, Duration delay) {
        executor.schedule(() -> add(key), delay.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void process(K key) {
        queued.remove(key);
        try {
            worker.work(key);
            failures.remove(key);
        } catch (RuntimeException e) {
            if (!executor.isShutdown()) {
                retry(key, e);
            }
        }
    }

    private void retry(K key, RuntimeException failure) {
        int count = failures.merge(key, 1, Integer::sum);
        long delay = Math.min(LAST_RETRY_MILLIS, FIRST_RETRY_MILLIS << Math.min(count - 1, 10));
        if (isConflict(failure)) {
            LOG.debug("{}: {} changed meanwhile, retrying", name, key);
        } else {
            LOG.atLevel(count == 3 ? Level.WARN : Level.DEBUG)
                    .setCause(count == 3 ? failure : null)
                    .log("{}: {} failed, retrying in {} ms: {}", name, key, delay, failure.getMessage());
        }
        addAfter(key, Duration.ofMillis(delay));
    }

    private static boolean isConflict(RuntimeException failure) {
        return failure instanceof KubernetesClientException e && e.getCode() == HttpURLConnection.HTTP_CONFLICT;
    }

    /** Drops queued keys, interrupts the current one, and waits up to two seconds for it. */
    @Override
    public void close() {
        executor.shutdownNow();
        try {
            if (!executor.awaitTermination(2, TimeUnit.SECONDS)) {
                LOG.warn("{} is still running after it was stopped", name);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
