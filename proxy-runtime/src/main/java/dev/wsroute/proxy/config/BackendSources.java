// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.config;

import dev.wsroute.config.BackendConfig;
import dev.wsroute.config.BackendConfig.EndpointSliceRef;
import dev.wsroute.config.ProxyConfig;
import dev.wsroute.config.RouteConfig;
import dev.wsroute.config.RuleConfig;
import dev.wsroute.proxy.discovery.SourceKey;
import java.util.LinkedHashMap;
import java.util.Map;

/** Maps the backends of a document, and its proxies, to their endpoint sources. */
final class BackendSources {

    private BackendSources() {}

    static Map<SourceKey, BackendConfig> of(ProxyConfig config) {
        Map<SourceKey, BackendConfig> sources = new LinkedHashMap<>();
        for (RouteConfig route : config.routes()) {
            route.rules().stream().flatMap(RuleConfig::withAuthorization).forEach(rule -> {
                for (BackendConfig backend : rule.backends()) {
                    sources.put(SourceKey.of(route.name(), rule.name(), backend), backend);
                }
            });
        }
        EndpointSliceRef proxies = config.proxies();
        if (proxies != null) {
            sources.put(SourceKey.Proxies.of(proxies), new BackendConfig("proxies", null, proxies, null));
        }
        return sources;
    }
}
