// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.tls;

import dev.wsroute.config.ObjectRef;
import dev.wsroute.proxy.kube.DataObject;
import dev.wsroute.proxy.kube.KubernetesApi;
import dev.wsroute.proxy.kube.ListWatch;
import dev.wsroute.proxy.kube.ObjectSet;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ScheduledExecutorService;
import org.jspecify.annotations.Nullable;

/** A Secret or ConfigMap, which is watched by name. */
public final class ObjectMaterialSource implements MaterialSource, ListWatch.Handler<DataObject> {

    private final String what;
    private final boolean base64;
    private final ListWatch<DataObject> watch;
    private volatile @Nullable Sink sink;

    private ObjectMaterialSource(
            String what, boolean base64, ObjectSet<DataObject> objects, ScheduledExecutorService worker) {
        this.what = what;
        this.base64 = base64;
        this.watch = new ListWatch<>(what, objects, this, worker);
    }

    /** @param worker may block in requests */
    public static MaterialSource secret(KubernetesApi api, ObjectRef ref, ScheduledExecutorService worker) {
        return new ObjectMaterialSource("Secret " + ref, true, api.secret(ref.namespace(), ref.name()), worker);
    }

    /** @param worker may block in requests */
    public static MaterialSource configMap(KubernetesApi api, ObjectRef ref, ScheduledExecutorService worker) {
        return new ObjectMaterialSource("ConfigMap " + ref, false, api.configMap(ref.namespace(), ref.name()), worker);
    }

    @Override
    public void start(Sink to) {
        sink = to;
        watch.start();
    }

    @Override
    public void close() {
        watch.close();
    }

    @Override
    public void listed(List<DataObject> found) {
        if (found.isEmpty()) {
            missing(what + " does not exist");
        }
        found.forEach(this::changed);
    }

    @Override
    public void changed(DataObject found) {
        Sink to = sink;
        if (to == null) {
            return;
        }
        Map<String, byte[]> data = new HashMap<>();
        try {
            found.data()
                    .forEach((key, value) -> data.put(
                            key, base64 ? Base64.getDecoder().decode(value) : value.getBytes(StandardCharsets.UTF_8)));
        } catch (IllegalArgumentException e) {
            missing(what + " holds data that is not base64");
            return;
        }
        to.offer(data);
    }

    @Override
    public void deleted(DataObject gone) {
        missing(what + " was deleted");
    }

    private void missing(String reason) {
        Sink to = sink;
        if (to != null) {
            to.unavailable(reason);
        }
    }
}
