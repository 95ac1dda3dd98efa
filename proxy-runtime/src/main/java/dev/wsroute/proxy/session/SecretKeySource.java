// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.session;

import dev.wsroute.config.SessionKeyConfig.SecretRef;
import dev.wsroute.proxy.kube.KubernetesApi;
import dev.wsroute.proxy.kube.NamedObject;
import java.util.Map;
import java.util.concurrent.ScheduledExecutorService;

/** A key in a Secret, which is watched by name. */
public final class SecretKeySource implements KeySource {

    private final NamedObject secret;
    private final String key;

    /** @param worker may block in requests */
    public SecretKeySource(KubernetesApi api, SecretRef ref, ScheduledExecutorService worker) {
        this.secret = NamedObject.secret(api, ref.namespace(), ref.name(), worker);
        this.key = ref.key();
    }

    @Override
    public void start(KeySink sink) {
        secret.start(data -> offer(data, sink), sink::unavailable);
    }

    private void offer(Map<String, byte[]> data, KeySink sink) {
        byte[] value = data.get(key);
        if (value == null) {
            sink.unavailable(secret + " has no data under " + key);
        } else {
            sink.offer(value);
        }
    }

    @Override
    public void close() {
        secret.close();
    }
}
