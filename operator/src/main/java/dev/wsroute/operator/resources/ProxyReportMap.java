// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.resources;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;

/** The reports of the proxies, one key per pod. The operator creates the object; the proxies own its data. */
public final class ProxyReportMap extends OwnedResource<ConfigMap> {

    /** Name of the dependent. */
    public static final String NAME = "report";

    public ProxyReportMap() {
        super(ConfigMap.class);
    }

    @Override
    String nameFor(String route) {
        return OwnedNames.report(route);
    }

    @Override
    ConfigMap render(ProxyModel model) {
        return new ConfigMapBuilder()
                .withMetadata(model.metadata(nameFor(model.route())))
                .build();
    }
}
