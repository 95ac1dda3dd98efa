package dev.wsroute.proxy.balance;

import dev.wsroute.config.RuleConfig;
import dev.wsroute.config.RuleConfig.LoadBalancing;
import dev.wsroute.proxy.discovery.EndpointKey;
import dev.wsroute.proxy.discovery.EndpointListener;
import dev.wsroute.proxy.discovery.EndpointSet;
import dev.wsroute.proxy.discovery.SourceKey;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The state of balancing that outlives configurations: a pool a source, a load an endpoint, a picker a backend. The
 * selectors that it makes are for any thread; its own methods for the control thread, {@link #live} for any.
 */
public final class Balancing implements EndpointListener {

    private final LoadTable loads = new LoadTable();
    private final Map<SourceKey, EndpointPool> pools = new HashMap<>();
    private final Map<SourceKey, EndpointSet> sets = new HashMap<>();
    private final Map<PickerKey, Picker> pickers = new HashMap<>();

    private record PickerKey(String route, String rule, String backend, LoadBalancing.Type type) {}

    /** The selector of a rule; it follows the endpoints by itself. */
    public EndpointSelector selector(String route, RuleConfig rule) {
        LoadBalancing.Type type = rule.loadBalancing().type();
        return new WeightedSelector(rule.backends().stream()
                .map(backend -> new WeightedSelector.Backend(
                        backend.name(),
                        backend.weight() == null ? 1 : backend.weight(),
                        pool(SourceKey.of(route, rule.name(), backend)),
                        pickers.computeIfAbsent(
                                new PickerKey(route, rule.name(), backend.name(), type), key -> Picker.of(type))))
                .toList());
    }

    @Override
    public void changed(SourceKey source, EndpointSet endpoints) {
        sets.put(source, endpoints);
        pool(source).update(endpoints, loads);
    }

    @Override
    public void leaving(SourceKey source, EndpointKey endpoint) {
        // What may still be chosen follows from the set alone.
    }

    /** Live connections of an endpoint. */
    public int live(EndpointKey endpoint) {
        return loads.live(endpoint);
    }

    /**
     * The sources of endpoints that connections, or handshakes under way, go to: an edit of the configuration may have
     * left them behind.
     */
    public Set<SourceKey> leased() {
        return pools.values().stream()
                .filter(EndpointPool::inUse)
                .map(EndpointPool::source)
                .collect(Collectors.toSet());
    }

    /** The endpoints that a load is kept of. */
    Set<EndpointKey> known() {
        return loads.known();
    }

    /** Forgets sources that no rule uses any more, and what hung on them. */
    public void retain(Set<SourceKey> inUse, Set<String> routes) {
        pools.keySet().retainAll(inUse);
        sets.keySet().retainAll(inUse);
        pickers.keySet().removeIf(key -> !routes.contains(key.route()));
        Set<EndpointKey> known = new HashSet<>();
        sets.values().forEach(set -> known.addAll(set.keys()));
        loads.prune(known);
    }

    private EndpointPool pool(SourceKey source) {
        return pools.computeIfAbsent(source, EndpointPool::new);
    }
}
