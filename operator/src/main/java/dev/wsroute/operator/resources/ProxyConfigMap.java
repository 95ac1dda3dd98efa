package dev.wsroute.operator.resources;

import dev.wsroute.config.ProxyConfig;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import java.util.Map;

/** What the proxies are told. They watch it: nothing mounts it, so that no change of it restarts a pod. */
public final class ProxyConfigMap extends OwnedResource<ConfigMap> {

    /** Name of the dependent. */
    public static final String NAME = "config";

    public ProxyConfigMap() {
        super(ConfigMap.class);
    }

    @Override
    String nameFor(String route) {
        return Names.config(route);
    }

    @Override
    ConfigMap render(ProxyModel model) {
        return new ConfigMapBuilder()
                .withMetadata(model.metadata(nameFor(model.route())))
                .withData(Map.of(ProxyConfig.DATA_KEY, model.compiled().document()))
                .build();
    }
}
