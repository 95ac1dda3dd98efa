package dev.wsroute.proxy.config;

import dev.wsroute.config.ProxyConfig;
import dev.wsroute.config.ProxyConfigParser.Format;
import dev.wsroute.proxy.kube.ListWatch;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import org.jspecify.annotations.Nullable;

/**
 * A document in a ConfigMap that is watched by name. It is read leniently: a newer operator's fields are ignored. A
 * ConfigMap that is gone is loss of news.
 */
public final class ConfigMapSource implements ConfigSource, ListWatch.Handler<ConfigMap> {

    private final String name;
    private final ListWatch<ConfigMap> watch;
    private volatile @Nullable Sink sink;

    /** @param worker where requests may block */
    public ConfigMapSource(KubernetesClient client, String namespace, String name, ScheduledExecutorService worker) {
        this.name = namespace + "/" + name;
        // By field: a role that names the one ConfigMap allows no other list.
        this.watch = new ListWatch<>(
                "ConfigMap " + this.name,
                client.configMaps().inNamespace(namespace).withField("metadata.name", name),
                this,
                worker);
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
    public void listed(List<ConfigMap> found) {
        if (found.isEmpty()) {
            missing("The ConfigMap " + name + " does not exist (yet)");
        }
        found.forEach(this::changed);
    }

    @Override
    public void changed(ConfigMap found) {
        Sink to = sink;
        String text = found.getData() == null ? null : found.getData().get(ProxyConfig.DATA_KEY);
        if (text == null) {
            missing("The ConfigMap " + name + " has no key " + ProxyConfig.DATA_KEY);
        } else if (to != null) {
            to.offer(new ConfigText(text, Format.JSON, false));
        }
    }

    @Override
    public void deleted(ConfigMap gone) {
        missing("The ConfigMap " + name + " was deleted");
    }

    private void missing(String reason) {
        Sink to = sink;
        if (to != null) {
            to.unavailable(reason);
        }
    }
}
