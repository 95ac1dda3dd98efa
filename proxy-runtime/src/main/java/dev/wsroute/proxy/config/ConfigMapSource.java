// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.config;

import dev.wsroute.config.ProxyConfig;
import dev.wsroute.config.ProxyConfigParser.DocumentFormat;
import dev.wsroute.proxy.kube.KubernetesApi;
import dev.wsroute.proxy.kube.NamedObject;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ScheduledExecutorService;

/**
 * A document in a ConfigMap, which is watched by name. Unknown fields of a newer operator are ignored. If the ConfigMap
 * is deleted, the current configuration stays.
 */
public final class ConfigMapSource implements ConfigSource {

    private final NamedObject configMap;

    /** @param worker may block in requests */
    public ConfigMapSource(KubernetesApi api, String namespace, String name, ScheduledExecutorService worker) {
        this.configMap = NamedObject.configMap(api, namespace, name, worker);
    }

    @Override
    public void start(ConfigSink sink) {
        configMap.start(data -> offer(data, sink), sink::unavailable);
    }

    private void offer(Map<String, byte[]> data, ConfigSink sink) {
        byte[] text = data.get(ProxyConfig.DATA_KEY);
        if (text == null) {
            sink.unavailable(configMap + " has no data under " + ProxyConfig.DATA_KEY);
        } else {
            sink.offer(new ConfigText(new String(text, StandardCharsets.UTF_8), DocumentFormat.JSON, false));
        }
    }

    @Override
    public void close() {
        configMap.close();
    }
}
