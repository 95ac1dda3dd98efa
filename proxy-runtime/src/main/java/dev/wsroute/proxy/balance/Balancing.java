package dev.wsroute.proxy.balance;

import dev.wsroute.config.RuleConfig;
import dev.wsroute.config.RuleConfig.LoadBalancing;
import dev.wsroute.proxy.balance.EndpointStatus.Standing;
import dev.wsroute.proxy.discovery.Endpoint;
import dev.wsroute.proxy.discovery.EndpointKey;
import dev.wsroute.proxy.discovery.EndpointListener;
import dev.wsroute.proxy.discovery.EndpointSet;
import dev.wsroute.proxy.discovery.SourceKey;
import dev.wsroute.proxy.session.PinSigner;
import dev.wsroute.proxy.session.SessionKey;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The state of balancing that outlives configurations: a pool a source, a state an endpoint, a picker a backend. The
 * selectors that it makes are for any thread; its own methods for the control thread, those that tell of endpoints for
 * any.
 */
public final class Balancing implements EndpointListener {

    private final EndpointTable states = new EndpointTable();
    private final Map<SourceKey, EndpointPool> pools = new ConcurrentHashMap<>();
    private final Map<BackendKey, Set<EndpointPool>> backends = new ConcurrentHashMap<>();
    private final Map<PickerKey, Chosen> pickers = new HashMap<>();
    private final Ejections ejections;
    private final LongSupplier nanoTime;
    private final InstantSource clock;
    private final Supplier<RandomGenerator> random;
    private volatile @Nullable PinSigner signer;

    private record BackendKey(String route, String backend) {}

    private record PickerKey(String route, String rule, String backend) {}

    private record Chosen(LoadBalancing balancing, Picker picker) {}

    public Balancing(BalancingListener listener) {
        this(listener, System::nanoTime, InstantSource.system(), ThreadLocalRandom::current);
    }

    /** @param random where the calling thread draws from */
    Balancing(
            BalancingListener listener, LongSupplier nanoTime, InstantSource clock, Supplier<RandomGenerator> random) {
        this.ejections = new Ejections(listener, nanoTime);
        this.nanoTime = nanoTime;
        this.clock = clock;
        this.random = random;
    }

    /** The selector of a rule; it follows the endpoints by itself. */
    public EndpointSelector selector(String route, RuleConfig rule) {
        LoadBalancing balancing = rule.loadBalancing();
        return new RuleSelector(
                route,
                rule.backends().stream()
                        .map(backend -> new RuleBackend(
                                backend.name(),
                                Objects.requireNonNullElse(backend.weight(), 1),
                                pool(route, backend.name(), SourceKey.of(route, rule.name(), backend)),
                                picker(new PickerKey(route, rule.name(), backend.name()), balancing)))
                        .toList(),
                balancing.consistentHash() == null ? null : KeyHash.of(balancing.consistentHash()),
                rule.sessionPersistence() == null
                        ? null
                        : new SessionPins(rule.sessionPersistence(), () -> signer, clock),
                ejections);
    }

    @Override
    public void changed(SourceKey source, EndpointSet endpoints) {
        pool(source).update(endpoints, states, signer, nanoTime.getAsLong());
    }

    @Override
    public void leaving(SourceKey source, EndpointKey endpoint) {
        // What may still be chosen follows from the set alone.
    }

    /** From now on session cookies are made and read with this key. */
    public void sessionKey(SessionKey key) {
        PinSigner made = new PinSigner(key);
        signer = made;
        pools.values().forEach(pool -> pool.sign(made));
    }

    /** Live connections of an endpoint. */
    public int live(EndpointKey endpoint) {
        EndpointState state = states.find(endpoint);
        return state == null ? 0 : state.live();
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

    /** How many endpoints of a backend are left out now. */
    public int ejected(String route, String backend) {
        long now = nanoTime.getAsLong();
        return backends.getOrDefault(new BackendKey(route, backend), Set.of()).stream()
                .mapToInt(pool -> pool.ejected(now))
                .sum();
    }

    /** How many endpoints of a backend are in which state now. */
    public EndpointTally tally(String route, String backend) {
        long now = nanoTime.getAsLong();
        return backends.getOrDefault(new BackendKey(route, backend), Set.of()).stream()
                .map(pool -> pool.tally(now))
                .reduce(EndpointTally.NONE, EndpointTally::plus);
    }

    /**
     * How an endpoint stands.
     *
     * @param source that it was found by
     * @param slowStart of the rule that asks
     */
    public EndpointStatus status(SourceKey source, Endpoint endpoint, Duration slowStart) {
        EndpointState state = states.find(endpoint.key());
        if (state == null) {
            return new EndpointStatus(standing(endpoint), 0, 0);
        }
        long now = nanoTime.getAsLong();
        return new EndpointStatus(
                standing(source, endpoint, state, slowStart, now),
                state.live(),
                state.health().failures(now));
    }

    private Standing standing(SourceKey source, Endpoint endpoint, EndpointState state, Duration slowStart, long now) {
        Duration leftOut = state.health().leftOut(now);
        EndpointPool pool = pools.get(source);
        Member member = pool == null ? null : pool.taker(endpoint.key());
        if (pool == null || member == null || endpoint.terminating()) {
            return standing(endpoint);
        }
        if (!leftOut.isZero()) {
            return new Standing.Ejected(leftOut);
        }
        Duration warmUp = pool.warmUp(member, now, slowStart);
        return warmUp.isZero() ? new Standing.Ready() : new Standing.SlowStart(warmUp);
    }

    private static Standing standing(Endpoint endpoint) {
        if (endpoint.terminating()) {
            return new Standing.Terminating();
        }
        return endpoint.ready() ? new Standing.Ready() : new Standing.NotReady();
    }

    /** The endpoints that a state is kept of. */
    Set<EndpointKey> known() {
        return states.known();
    }

    /** Forgets sources that no rule uses any more, and what hung on them. */
    public void retain(Set<SourceKey> inUse, Set<String> routes) {
        pools.keySet().retainAll(inUse);
        backends.keySet().removeIf(key -> !routes.contains(key.route()));
        Set<EndpointPool> left = Set.copyOf(pools.values());
        backends.values().forEach(used -> used.retainAll(left));
        pickers.keySet().removeIf(key -> !routes.contains(key.route()));
        Set<EndpointKey> known = new HashSet<>();
        pools.values().forEach(pool -> known.addAll(pool.endpoints().keys()));
        states.prune(known);
    }

    /** The one in use, so that an edit of something else does not begin a round anew. */
    private Picker picker(PickerKey key, LoadBalancing balancing) {
        Chosen chosen = pickers.get(key);
        if (chosen == null || !chosen.balancing().equals(balancing)) {
            chosen = new Chosen(balancing, Picker.of(balancing, random));
            pickers.put(key, chosen);
        }
        return chosen.picker();
    }

    private EndpointPool pool(String route, String backend, SourceKey source) {
        EndpointPool pool = pool(source);
        backends.computeIfAbsent(new BackendKey(route, backend), key -> ConcurrentHashMap.newKeySet())
                .add(pool);
        return pool;
    }

    private EndpointPool pool(SourceKey source) {
        return pools.computeIfAbsent(source, EndpointPool::new);
    }
}
