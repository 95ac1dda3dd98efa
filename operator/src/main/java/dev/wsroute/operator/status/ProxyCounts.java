// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.status;

import dev.wsroute.config.ListenerConfig;
import dev.wsroute.operator.compile.Compilation;
import dev.wsroute.operator.compile.Compilation.Compiled;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Counts of the proxies.
 *
 * @param desired number of replicas in the spec
 * @param ready number of ready replicas, by the Deployment
 * @param reachable names of the ready proxies that the Service sends clients to
 * @param programmed how many of these run the current configuration and have all its listeners
 * @param missingListeners names of the listeners that some of these lack: their ports are opened by new pods only
 */
record ProxyCounts(int desired, int ready, Set<String> reachable, int programmed, List<String> missingListeners) {

    static ProxyCounts of(Compilation compilation, int desired, Observation observed, ProxyReports reports) {
        Set<String> reachable = ProxyNames.ready(observed.proxies());
        int ready = observed.deployment() == null || observed.deployment().getStatus() == null
                ? 0
                : RolloutProgress.number(observed.deployment().getStatus().getReadyReplicas());
        if (!(compilation instanceof Compiled compiled)) {
            return new ProxyCounts(desired, ready, reachable, 0, List.of());
        }
        List<String> listeners =
                compiled.config().listeners().stream().map(ListenerConfig::name).toList();
        Set<String> complete = new HashSet<>(reachable);
        listeners.forEach(name -> complete.retainAll(ProxyNames.ready(observed.proxies(), name)));
        return new ProxyCounts(
                desired,
                ready,
                reachable,
                reports.running(compiled.version(), complete),
                listeners.stream()
                        .filter(name ->
                                !ProxyNames.ready(observed.proxies(), name).containsAll(reachable))
                        .toList());
    }
}
