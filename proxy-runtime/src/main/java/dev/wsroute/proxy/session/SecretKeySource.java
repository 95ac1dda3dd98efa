// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.session;

import dev.wsroute.config.SessionKeyConfig.SecretRef;
import dev.wsroute.proxy.kube.DataObject;
import dev.wsroute.proxy.kube.KubernetesApi;
import dev.wsroute.proxy.kube.ListWatch;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import org.jspecify.annotations.Nullable;

/** A key in a Secret, which is watched by name. */
public final class SecretKeySource implements KeySource, ListWatch.Handler<DataObject> {

    private final SecretRef ref;
    private final String name;
    private final ListWatch<DataObject> watch;
    private volatile @Nullable KeySink sink;

    /** @param worker may block in requests */
    public SecretKeySource(KubernetesApi api, SecretRef ref, ScheduledExecutorService worker) {
        this.ref = ref;
        this.name = ref.namespace() + "/" + ref.name();
        this.watch = new ListWatch<>("Secret " + name, api.secret(ref.namespace(), ref.name()), this, worker);
    }

    @Override
    public void start(KeySink to) {
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
            missing("The session key Secret " + name + " does not exist (yet)");
        }
        found.forEach(this::changed);
    }

    @Override
    public void changed(DataObject found) {
        KeySink to = sink;
        String value = found.data().get(ref.key());
        if (value == null) {
            missing("The session key Secret " + name + " has no key " + ref.key());
        } else if (to != null) {
            offer(to, value);
        }
    }

    private void offer(KeySink to, String value) {
        try {
            to.offer(Base64.getDecoder().decode(value));
        } catch (IllegalArgumentException e) {
            missing("The key " + ref.key() + " of the session key Secret " + name + " is not base64");
        }
    }

    @Override
    public void deleted(DataObject gone) {
        missing("The session key Secret " + name + " was deleted");
    }

    private void missing(String reason) {
        KeySink to = sink;
        if (to != null) {
            to.unavailable(reason);
        }
    }
}
