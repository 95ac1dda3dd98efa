// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.kube;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One Secret or ConfigMap, which is watched by name, and what its data is or why there is none. */
public final class NamedObject implements AutoCloseable {

    private final String label;
    private final boolean base64;
    private final ObjectSet<DataObject> object;
    private final ScheduledExecutorService worker;
    private volatile @Nullable ListWatch<DataObject> watch;

    private NamedObject(String label, boolean base64, ObjectSet<DataObject> object, ScheduledExecutorService worker) {
        this.label = label;
        this.base64 = base64;
        this.object = object;
        this.worker = worker;
    }

    /** @param worker may block in requests */
    public static NamedObject secret(
            KubernetesApi api, String namespace, String name, ScheduledExecutorService worker) {
        return new NamedObject("Secret " + namespace + "/" + name, true, api.secret(namespace, name), worker);
    }

    /** @param worker may block in requests */
    public static NamedObject configMap(
            KubernetesApi api, String namespace, String name, ScheduledExecutorService worker) {
        return new NamedObject("ConfigMap " + namespace + "/" + name, false, api.configMap(namespace, name), worker);
    }

    /**
     * Starts to watch. Both are called from any thread until {@link #close()}, in calls that do not overlap.
     *
     * @param offer receives the data by key whenever it may have changed: decoded bytes of a Secret, UTF-8 of a ConfigMap
     * @param unavailable receives why there is no data, one sentence without a full stop
     */
    public void start(Consumer<Map<String, byte[]>> offer, Consumer<String> unavailable) {
        ListWatch<DataObject> started = new ListWatch<>(label, object, new Follower(offer, unavailable), worker);
        watch = started;
        started.start();
    }

    @Override
    public void close() {
        ListWatch<DataObject> started = watch;
        if (started != null) {
            started.close();
        }
    }

    /** Such as {@code Secret apps/chat-tls}. */
    @Override
    public String toString() {
        return label;
    }

    private final class Follower implements ListWatch.Handler<DataObject> {

        private final Consumer<Map<String, byte[]>> offer;
        private final Consumer<String> unavailable;

        Follower(Consumer<Map<String, byte[]>> offer, Consumer<String> unavailable) {
            this.offer = offer;
            this.unavailable = unavailable;
        }

        @Override
        public void listed(List<DataObject> found) {
            if (found.isEmpty()) {
                unavailable.accept(label + " does not exist");
            }
            found.forEach(this::changed);
        }

        @Override
        public void changed(DataObject found) {
            Map<String, byte[]> data = new HashMap<>();
            try {
                found.data().forEach((key, value) -> data.put(key, bytes(value)));
            } catch (IllegalArgumentException e) {
                unavailable.accept(label + " holds data that is not base64");
                return;
            }
            offer.accept(data);
        }

        private byte[] bytes(String value) {
            return base64 ? Base64.getDecoder().decode(value) : value.getBytes(StandardCharsets.UTF_8);
        }

        @Override
        public void deleted(DataObject gone) {
            unavailable.accept(label + " was deleted");
        }
    }
}
