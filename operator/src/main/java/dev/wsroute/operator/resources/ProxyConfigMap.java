// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.resources;

import dev.wsroute.config.ProxyConfig;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import java.util.Map;

/** The configuration of the proxies. They watch it; it is not mounted, so a change does not restart pods. */
public final class ProxyConfigMap extends OwnedResource<ConfigMap> {

    /** Name of the dependent. */
    public static final String NAME = "config";

    public ProxyConfigMap() {
        super(ConfigMap.class);
    }

    @Override
    String nameFor(String route) {
        return OwnedNames.config(route);
    }

    @Override
    ConfigMap render(ProxyModel model) {
        return new ConfigMapBuilder()
                .withMetadata(model.metadata(nameFor(model.route())))
                .withData(Map.of(ProxyConfig.DATA_KEY, model.compiled().document()))
                .build();
    }
}
