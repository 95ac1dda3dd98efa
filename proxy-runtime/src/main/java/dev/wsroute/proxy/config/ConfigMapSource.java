// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.config;

import dev.wsroute.config.ProxyConfig;
import dev.wsroute.config.ProxyConfigParser.DocumentFormat;
import dev.wsroute.proxy.kube.DataObject;
import dev.wsroute.proxy.kube.KubernetesApi;
import dev.wsroute.proxy.kube.ListWatch;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import org.jspecify.annotations.Nullable;

/**
 * A document in a ConfigMap, which is watched by name. Unknown fields of a newer operator are ignored. If the ConfigMap
 * is deleted, the current configuration stays.
 */
public final class ConfigMapSource implements ConfigSource, ListWatch.Handler<DataObject> {

    private final String name;
    private final ListWatch<DataObject> watch;
    private volatile @Nullable ConfigSink sink;

    /** @param worker may block in requests */
    public ConfigMapSource(KubernetesApi api, String namespace, String name, ScheduledExecutorService worker) {
        this.name = namespace + "/" + name;
        this.watch = new ListWatch<>("ConfigMap " + this.name, api.configMap(namespace, name), this, worker);
    }

    @Override
    public void start(ConfigSink to) {
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
            missing("The ConfigMap " + name + " does not exist (yet)");
        }
        found.forEach(this::changed);
    }

    @Override
    public void changed(DataObject found) {
        ConfigSink to = sink;
        String text = found.data().get(ProxyConfig.DATA_KEY);
        if (text == null) {
            missing("The ConfigMap " + name + " has no key " + ProxyConfig.DATA_KEY);
        } else if (to != null) {
            to.offer(new ConfigText(text, DocumentFormat.JSON, false));
        }
    }

    @Override
    public void deleted(DataObject gone) {
        missing("The ConfigMap " + name + " was deleted");
    }

    private void missing(String reason) {
        ConfigSink to = sink;
        if (to != null) {
            to.unavailable(reason);
        }
    }
}
