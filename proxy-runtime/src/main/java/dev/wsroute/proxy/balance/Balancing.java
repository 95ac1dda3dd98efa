// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.balance;

import dev.wsroute.config.RuleConfig;
import dev.wsroute.config.RuleConfig.LoadBalancing;
import dev.wsroute.proxy.balance.EndpointStatus.Availability;
import dev.wsroute.proxy.discovery.Endpoint;
import dev.wsroute.proxy.discovery.EndpointKey;
import dev.wsroute.proxy.discovery.EndpointListener;
import dev.wsroute.proxy.discovery.EndpointSet;
import dev.wsroute.proxy.discovery.SourceKey;
import dev.wsroute.proxy.routing.EndpointSelector;
import dev.wsroute.proxy.session.PinSigner;
import dev.wsroute.proxy.session.SessionCookieKey;
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
 * Load-balancing state that outlives a configuration: one pool per source, one state per endpoint, one picker per
 * backend. Selectors are thread-safe. The methods that read endpoints may be called from any thread, all others on the
 * control thread.
 */
public final class Balancing implements EndpointListener {

    private final EndpointTable states = new EndpointTable();
    private final Map<SourceKey, EndpointPool> pools = new ConcurrentHashMap<>();
    private final Map<BackendKey, Set<EndpointPool>> backends = new ConcurrentHashMap<>();
    private final Map<PickerKey, CachedPicker> pickers = new HashMap<>();
    private final BalancingListener listener;
    private final Ejections ejections;
    private final LongSupplier nanoTime;
    private final InstantSource clock;
    private final Supplier<RandomGenerator> random;
    private volatile @Nullable PinSigner signer;
    private volatile OwnZone zone = OwnZone.UNKNOWN;

    private record BackendKey(String route, String backend) {}

    private record PickerKey(String route, String rule, String backend) {}

    private record CachedPicker(
            LoadBalancing balancing,
            Picker picker,
            @Nullable ZonePreference zones) {}

    public Balancing(BalancingListener listener) {
        this(listener, System::nanoTime, InstantSource.system(), ThreadLocalRandom::current);
    }

    /** @param random the calling thread's generator */
    Balancing(
            BalancingListener listener, LongSupplier nanoTime, InstantSource clock, Supplier<RandomGenerator> random) {
        this.listener = listener;
        this.ejections = new Ejections(listener, nanoTime);
        this.nanoTime = nanoTime;
        this.clock = clock;
        this.random = random;
    }

    /** The selector of a rule. It always uses the current endpoints. */
    public EndpointSelector selector(String route, RuleConfig rule) {
        LoadBalancing balancing = rule.loadBalancing();
        return new RuleSelector(
                route,
                rule.backends().stream()
                        .map(backend -> {
                            CachedPicker chosen = picker(new PickerKey(route, rule.name(), backend.name()), balancing);
                            return new RuleBackend(
                                    backend.name(),
                                    Objects.requireNonNullElse(backend.weight(), 1),
                                    pool(route, backend.name(), SourceKey.of(route, rule.name(), backend)),
                                    chosen.picker(),
                                    chosen.zones());
                        })
                        .toList(),
                balancing.consistentHash() == null ? null : KeyHash.of(balancing.consistentHash()),
                rule.sessionPersistence() == null
                        ? null
                        : new SessionPins(rule.sessionPersistence(), () -> signer, clock),
                ejections);
    }

    @Override
    public void changed(SourceKey source, EndpointSet endpoints) {
        if (!(source instanceof SourceKey.Proxies)) {
            pool(source).update(endpoints, states, signer, nanoTime.getAsLong());
        }
    }

    /** Sets the zone of this process, for rules that prefer its endpoints. */
    public void zone(OwnZone own) {
        zone = own;
        pools.values().forEach(pool -> pool.zone(own));
    }

    /** The zone of this process. */
    public OwnZone zone() {
        return zone;
    }

    /** The part of new connections that a rule with a topology keeps in this zone, in percent; null without a preference. */
    public @Nullable Integer ownZonePercent(SourceKey source, Duration slowStart) {
        EndpointPool pool = pools.get(source);
        ZoneSplit split = pool == null ? null : pool.split(pool.candidates());
        return split == null
                ? null
                : Math.toIntExact(Math.round(100 * split.share(nanoTime.getAsLong(), slowStart.toNanos())));
    }

    @Override
    public void leaving(SourceKey source, EndpointKey endpoint) {
        // The set alone decides what may be chosen.
    }

    /** Sets the key for writing and reading session cookies. */
    public void sessionKey(SessionCookieKey key) {
        PinSigner made = new PinSigner(key);
        signer = made;
        pools.values().forEach(pool -> pool.sign(made));
    }

    /** Number of an endpoint's live connections. */
    public int live(EndpointKey endpoint) {
        EndpointState state = states.find(endpoint);
        return state == null ? 0 : state.live();
    }

    /**
     * The sources whose endpoints are used by connections or handshakes. The configuration may no longer contain them.
     */
    public Set<SourceKey> leased() {
        return pools.values().stream()
                .filter(EndpointPool::inUse)
                .map(EndpointPool::source)
                .collect(Collectors.toSet());
    }

    /** Number of a backend's endpoints that are ejected now. */
    public int ejected(String route, String backend) {
        long now = nanoTime.getAsLong();
        return backends.getOrDefault(new BackendKey(route, backend), Set.of()).stream()
                .mapToInt(pool -> pool.ejected(now))
                .sum();
    }

    /** Numbers of a backend's endpoints by state. */
    public EndpointTally tally(String route, String backend) {
        long now = nanoTime.getAsLong();
        return backends.getOrDefault(new BackendKey(route, backend), Set.of()).stream()
                .map(pool -> pool.tally(now))
                .reduce(EndpointTally.NONE, EndpointTally::plus);
    }

    /**
     * The status of an endpoint.
     *
     * @param source the endpoint's source
     * @param slowStart slow start of the rule
     */
    public EndpointStatus status(SourceKey source, Endpoint endpoint, Duration slowStart) {
        EndpointState state = states.find(endpoint.key());
        if (state == null) {
            return new EndpointStatus(availability(endpoint), 0, 0);
        }
        long now = nanoTime.getAsLong();
        return new EndpointStatus(
                availability(source, endpoint, state, slowStart, now),
                state.live(),
                state.health().failures(now));
    }

    private Availability availability(
            SourceKey source, Endpoint endpoint, EndpointState state, Duration slowStart, long now) {
        Duration ejectionLeft = state.health().ejectionLeft(now);
        EndpointPool pool = pools.get(source);
        Member member = pool == null ? null : pool.candidate(endpoint.key());
        if (pool == null || member == null || endpoint.terminating()) {
            return availability(endpoint);
        }
        if (!ejectionLeft.isZero()) {
            return new Availability.Ejected(ejectionLeft);
        }
        Duration warmUp = pool.warmUp(member, now, slowStart);
        return warmUp.isZero() ? new Availability.Ready() : new Availability.SlowStart(warmUp);
    }

    private static Availability availability(Endpoint endpoint) {
        if (endpoint.terminating()) {
            return new Availability.Terminating();
        }
        return endpoint.ready() ? new Availability.Ready() : new Availability.NotReady();
    }

    /** The part of its connections that each endpoint of a rule should have now. */
    public FairShares fairShares(String route, RuleConfig rule) {
        return FairShares.of(route, rule, pools::get, nanoTime.getAsLong());
    }

    /** The endpoints that have a state. */
    Set<EndpointKey> known() {
        return states.known();
    }

    /** Forgets the sources that no rule uses any more, and their state. */
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

    /** Reuses the current picker, so that an unrelated edit does not restart the sequence. */
    private CachedPicker picker(PickerKey key, LoadBalancing balancing) {
        CachedPicker chosen = pickers.get(key);
        if (chosen == null || !chosen.balancing().equals(balancing)) {
            ZonePreference zones = balancing.topology() == null
                    ? null
                    : new ZonePreference(
                            balancing, random, relation -> listener.opened(key.route(), key.backend(), relation));
            chosen = new CachedPicker(balancing, Picker.of(balancing, random), zones);
            pickers.put(key, chosen);
        }
        return chosen;
    }

    private EndpointPool pool(String route, String backend, SourceKey source) {
        EndpointPool pool = pool(source);
        backends.computeIfAbsent(new BackendKey(route, backend), key -> ConcurrentHashMap.newKeySet())
                .add(pool);
        return pool;
    }

    private EndpointPool pool(SourceKey source) {
        return pools.computeIfAbsent(source, absent -> new EndpointPool(absent, zone));
    }
}
