// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.jwks;

import dev.wsroute.api.v1alpha1.WebSocketRoute;
import dev.wsroute.operator.compile.KeySetNeed;
import dev.wsroute.operator.compile.KeySetSource;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.processing.event.Event;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.AbstractEventSource;
import io.javaoperatorsdk.operator.processing.event.source.Cache;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Fetches the key sets that routes use, and has routes reconciled when one of theirs has changed. */
public final class KeySetWatch extends AbstractEventSource<ConfigMap, WebSocketRoute> {

    private static final Logger LOG = LoggerFactory.getLogger(KeySetWatch.class);
    private static final String NAME = "key-sets";
    /** Seconds. */
    private static final long SWEEP = 10;

    private final KeySetSettings settings;
    private final BooleanSupplier acts;
    private final KeySets sets;
    private volatile @Nullable KubernetesClient client;
    private volatile @Nullable Cache<WebSocketRoute> routes;
    private volatile @Nullable TrustedFetches fetches;

    /** @param acts whether this operator is the one that acts: others fetch nothing */
    public KeySetWatch(KeySetSettings settings, Clock clock, BooleanSupplier acts) {
        super(ConfigMap.class, NAME);
        this.settings = settings;
        this.acts = acts;
        this.sets = new KeySets(
                clock, this::fetch, () -> ThreadLocalRandom.current().nextDouble(), this::tell, settings.observer());
    }

    /** To be called before the start. */
    public KeySetWatch in(EventSourceContext<WebSocketRoute> context) {
        client = context.getClient();
        routes = context.getPrimaryCache();
        return this;
    }

    @Override
    public synchronized void start() {
        KubernetesClient api = client;
        if (api == null) {
            throw new IllegalStateException("no client");
        }
        TrustedFetches started = new TrustedFetches(api, settings.allowed());
        fetches = started;
        long pace = FetchSlots.PACE.toMillis();
        var unused = started.loop().scheduleWithFixedDelay(this::tick, pace, pace, TimeUnit.MILLISECONDS);
        var unusedToo = started.loop().scheduleWithFixedDelay(this::sweep, SWEEP, SWEEP, TimeUnit.SECONDS);
        super.start();
    }

    @Override
    public synchronized void stop() {
        super.stop();
        TrustedFetches running = fetches;
        if (running != null) {
            fetches = null;
            running.close();
        }
    }

    /** An exception would end the timer. */
    private void tick() {
        try {
            if (acts.getAsBoolean()) {
                sets.tick();
            }
        } catch (RuntimeException e) {
            LOG.error("Key sets cannot be fetched; trying again", e);
        }
    }

    /** Forgets deleted routes for good: a reconciliation may have begun before the deletion, and end after it. */
    private void sweep() {
        Cache<WebSocketRoute> known = routes;
        try {
            if (known != null && acts.getAsBoolean()) {
                sets.retain(known.keys().collect(Collectors.toSet())::contains);
            }
        } catch (RuntimeException e) {
            LOG.warn("Key sets of deleted routes cannot be forgotten; trying again", e);
        }
    }

    private void fetch(KeySetSource source, Consumer<FetchOutcome> done) {
        TrustedFetches running = fetches;
        if (running != null) {
            running.fetch(source, done);
        }
    }

    private void tell(Set<ResourceID> routes) {
        routes.stream().map(Event::new).forEach(getEventHandler()::handleEvent);
    }

    /** None: what a route uses is asked for by {@link #states}. */
    @Override
    public Set<ConfigMap> getSecondaryResources(WebSocketRoute route) {
        return Set.of();
    }

    /** What is known of the key sets that {@code route} uses from now on. */
    public Map<KeySetSource, KeySetState> states(ResourceID route, Collection<KeySetNeed> needs) {
        Map<KeySetSource, Duration> sources = new HashMap<>();
        for (KeySetNeed need : needs) {
            sources.merge(need.source(), need.staleFor(), (one, other) -> one.compareTo(other) < 0 ? one : other);
        }
        return sets.use(route, sources);
    }

    /** A proxy has seen a token with a key that it does not find in this set. */
    public void unknownKey(KeySetSource source) {
        sets.unknownKey(source);
    }

    /** Forgets a deleted route. */
    public void forget(ResourceID route) {
        sets.forget(route);
    }
}
