// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.material;

import dev.wsroute.config.ObjectRef;
import dev.wsroute.proxy.kube.KubernetesApi;
import dev.wsroute.proxy.kube.NamedObject;
import java.util.concurrent.ScheduledExecutorService;

/** A Secret or ConfigMap, which is watched by name. */
public final class ObjectMaterialSource implements MaterialSource {

    private final NamedObject object;

    private ObjectMaterialSource(NamedObject object) {
        this.object = object;
    }

    /** @param worker may block in requests */
    public static MaterialSource secret(KubernetesApi api, ObjectRef ref, ScheduledExecutorService worker) {
        return new ObjectMaterialSource(NamedObject.secret(api, ref.namespace(), ref.name(), worker));
    }

    /** @param worker may block in requests */
    public static MaterialSource configMap(KubernetesApi api, ObjectRef ref, ScheduledExecutorService worker) {
        return new ObjectMaterialSource(NamedObject.configMap(api, ref.namespace(), ref.name(), worker));
    }

    @Override
    public void start(Sink sink) {
        object.start(sink::offer, sink::unavailable);
    }

    @Override
    public void close() {
        object.close();
    }
}
