package dev.wsroute.operator.status;

import dev.wsroute.config.ListenerConfig;
import dev.wsroute.operator.compile.Compilation;
import dev.wsroute.operator.compile.Compilation.Compiled;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The proxies, counted.
 *
 * @param desired how many are wanted
 * @param ready how many are ready, by the Deployment
 * @param reachable names of the ready ones that clients are sent to
 * @param programmed how many of these run the current configuration and have all its listeners
 * @param lacking names of the listeners that some of these do not have: their ports come with new pods
 */
record ProxyCounts(int desired, int ready, Set<String> reachable, int programmed, List<String> lacking) {

    static ProxyCounts of(Compilation compilation, int desired, Observation observed, ProxyReports reports) {
        Set<String> reachable = ProxyNames.ready(observed.proxies());
        int ready = observed.deployment() == null || observed.deployment().getStatus() == null
                ? 0
                : Rollout.number(observed.deployment().getStatus().getReadyReplicas());
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
