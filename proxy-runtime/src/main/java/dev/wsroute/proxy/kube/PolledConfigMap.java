// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.kube;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * A ConfigMap that is listed by name at intervals. For one that changes many times between two looks of its reader, that is less
 * than a watch, which would send all of it with each change. The intervals vary by a quarter, so that many readers spread.
 */
public final class PolledConfigMap implements AutoCloseable {

    private final ObjectSet<DataObject> object;
    private final Duration every;
    private final ScheduledExecutorService worker;
    private final ApiContact contact;
    private volatile boolean closed;

    /** @param worker may block in requests */
    public PolledConfigMap(
            KubernetesApi api, String namespace, String name, Duration every, ScheduledExecutorService worker) {
        this.object = api.configMap(namespace, name);
        this.every = every;
        this.worker = worker;
        this.contact = new ApiContact("ConfigMap " + namespace + "/" + name);
    }

    /** @param data receives the data after each list that found the object, in calls that do not overlap */
    public void start(Consumer<Map<String, String>> data) {
        after(0, data);
    }

    @Override
    public void close() {
        closed = true;
    }

    private void after(long millis, Consumer<Map<String, String>> data) {
        try {
            worker.schedule(() -> look(data), millis, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            closed = true;
        }
    }

    private void look(Consumer<Map<String, String>> data) {
        if (closed) {
            return;
        }
        try {
            Listing<DataObject> found = object.list();
            contact.answered();
            found.items().forEach(item -> data.accept(item.data()));
        } catch (IOException e) {
            contact.failed(e);
        } finally {
            long millis = every.toMillis();
            after(millis * 3 / 4 + ThreadLocalRandom.current().nextLong(millis / 2), data);
        }
    }
}
