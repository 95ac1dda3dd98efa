// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.route;

import dev.wsroute.config.ProxyReport;
import dev.wsroute.operator.resources.Labels;
import dev.wsroute.operator.resources.OwnedNames;
import dev.wsroute.operator.status.ProxyReports;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.List;
import java.util.Optional;

/**
 * Reads the reports of a route's proxies from the API, so that an operator that is not the leader knows them, too. One request for each
 * question, which only those ask who have the token.
 */
public final class ReportedLoads {

    private final KubernetesClient client;

    public ReportedLoads(KubernetesClient client) {
        this.client = client;
    }

    /**
     * The open WebSockets of a route, and how many proxies have reported.
     *
     * @return empty if there is no such route or no report
     */
    public Optional<Sum> of(String namespace, String route) {
        ConfigMap map = client.configMaps()
                .inNamespace(namespace)
                .withName(OwnedNames.report(route))
                .get();
        boolean owned = map != null
                && Labels.routeOf(map.getMetadata()).filter(route::equals).isPresent();
        List<ProxyReport> reports = owned ? ProxyReports.readable(map) : List.of();
        return reports.isEmpty()
                ? Optional.empty()
                : Optional.of(new Sum(ProxyReports.connections(reports), reports.size()));
    }

    /**
     * @param connections open WebSockets
     * @param proxies that have reported them
     */
    public record Sum(long connections, int proxies) {}
}
