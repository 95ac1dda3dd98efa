// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.jwks;

import dev.wsroute.operator.compile.KeySetSource;
import dev.wsroute.operator.jwks.FetchObserver.Outcome;
import dev.wsroute.operator.jwks.FetchOutcome.Answered;
import dev.wsroute.operator.jwks.FetchOutcome.Failed;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The key sets that routes use, the last good state of each, and when each is fetched. A broken or empty set never replaces a good
 * one. Thread-safe.
 */
final class KeySets {

    /** Key sets that the routes of a namespace may use. */
    static final int MAX_PER_NAMESPACE = 32;

    /** A set takes up to 64 kB. */
    static final int MAX = 500;

    private final Clock clock;
    private final Fetches fetches;
    private final DoubleSupplier random;
    private final Consumer<Set<ResourceID>> changed;
    private final FetchObserver observer;
    private final Map<KeySetSource, Entry> entries = new LinkedHashMap<>();
    private final FetchSlots slots = new FetchSlots();

    /** Makes attempts to fetch. */
    @FunctionalInterface
    interface Fetches {

        /** @param done called once, on any thread, but not before this method returns */
        void fetch(KeySetSource source, Consumer<FetchOutcome> done);
    }

    private static final class Entry {

        /** The routes, and for how long each uses a set that was not confirmed. */
        final Map<ResourceID, Duration> routes = new HashMap<>();

        RefreshPlan plan;
        KeySetState state = KeySetState.NEW;
        /** Whose slot the running attempt has; null if none runs. */
        @Nullable String slot;

        Entry(Instant now) {
            this.plan = RefreshPlan.first(now);
        }

        Set<String> namespaces() {
            return routes.keySet().stream()
                    .map(route -> route.getNamespace().orElse(""))
                    .collect(Collectors.toSet());
        }

        /** So that a set is refreshed twice in the shortest time for which a route would use it. */
        Duration longestAge() {
            return routes.values().stream()
                    .min(Comparator.naturalOrder())
                    .orElse(RefreshPlan.MAX_AGE)
                    .dividedBy(2);
        }
    }

    /**
     * @param random gives numbers from 0 to 1
     * @param changed is told the routes that have something to publish or to say
     */
    KeySets(
            Clock clock,
            Fetches fetches,
            DoubleSupplier random,
            Consumer<Set<ResourceID>> changed,
            FetchObserver observer) {
        this.clock = clock;
        this.fetches = fetches;
        this.random = random;
        this.changed = changed;
        this.observer = observer;
        observer.watch(this::size, this::failing);
    }

    private synchronized int size() {
        return entries.size();
    }

    private synchronized int failing() {
        return (int) entries.values().stream()
                .filter(entry -> entry.state.problem() != null)
                .count();
    }

    /**
     * The key sets that {@code route} uses from now on, each with the time for which it uses one that was not confirmed.
     *
     * @return what is known of each
     */
    synchronized Map<KeySetSource, KeySetState> use(ResourceID route, Map<KeySetSource, Duration> sources) {
        release(route, sources.keySet());
        Map<KeySetSource, KeySetState> states = new HashMap<>();
        sources.forEach((source, staleFor) -> states.put(source, use(route, source, staleFor)));
        return states;
    }

    private KeySetState use(ResourceID route, KeySetSource source, Duration staleFor) {
        Entry entry = entries.get(source);
        if (entry == null || !entry.routes.containsKey(route)) {
            Optional<String> refusal = refusal(route, entry);
            if (refusal.isPresent()) {
                return KeySetState.NEW.failed(refusal.get());
            }
        }
        if (entry == null) {
            entry = new Entry(clock.instant());
            entries.put(source, entry);
        }
        entry.routes.put(route, staleFor);
        return entry.state;
    }

    private Optional<String> refusal(ResourceID route, @Nullable Entry entry) {
        String namespace = route.getNamespace().orElse("");
        boolean shared = entry != null && entry.namespaces().contains(namespace);
        if (!shared
                && entries.values().stream()
                                .filter(each -> each.namespaces().contains(namespace))
                                .count()
                        >= MAX_PER_NAMESPACE) {
            return Optional.of("the routes of namespace " + namespace + " use " + MAX_PER_NAMESPACE
                    + " other key sets already, and more are not fetched");
        }
        return entry == null && entries.size() >= MAX
                ? Optional.of(
                        "the routes of this cluster use " + MAX + " other key sets already, and more are not fetched")
                : Optional.empty();
    }

    /** Forgets the routes that are not {@code known}. */
    void retain(Predicate<ResourceID> known) {
        Set<ResourceID> routes;
        synchronized (this) {
            routes = entries.values().stream()
                    .flatMap(entry -> entry.routes.keySet().stream())
                    .collect(Collectors.toSet());
        }
        routes.stream().filter(known.negate()).forEach(this::forget);
    }

    /** Forgets a deleted route. */
    synchronized void forget(ResourceID route) {
        release(route, Set.of());
    }

    private void release(ResourceID route, Set<KeySetSource> kept) {
        entries.entrySet().removeIf(entry -> {
            if (!kept.contains(entry.getKey())) {
                entry.getValue().routes.remove(route);
            }
            return entry.getValue().routes.isEmpty();
        });
    }

    /** A proxy has seen a token with a key that it does not find in this set. */
    synchronized void unknownKey(KeySetSource source) {
        Entry entry = entries.get(source);
        if (entry != null) {
            entry.plan = entry.plan.unknownKey(clock.instant());
        }
    }

    /** Begins the attempts that are due. To be called several times a second. */
    void tick() {
        Map<KeySetSource, Entry> begun = new LinkedHashMap<>();
        synchronized (this) {
            Instant now = clock.instant();
            slots.prune(now);
            List<Map.Entry<KeySetSource, Entry>> due = entries.entrySet().stream()
                    .filter(each -> each.getValue().slot == null
                            && !each.getValue().plan.due().isAfter(now))
                    .sorted(Comparator.comparing(each -> each.getValue().plan.due()))
                    .toList();
            for (var each : due) {
                Entry entry = each.getValue();
                slots.take(entry.namespaces(), now).ifPresent(namespace -> {
                    entry.slot = namespace;
                    entry.plan = entry.plan.begin(now);
                    begun.put(each.getKey(), entry);
                });
            }
        }
        begun.forEach((source, entry) -> fetches.fetch(source, outcome -> ended(source, entry, outcome)));
    }

    private void ended(KeySetSource source, Entry entry, FetchOutcome outcome) {
        FetchOutcome checked = outcome instanceof Answered answered ? checked(answered) : outcome;
        Set<ResourceID> told = Set.of();
        Outcome counted;
        synchronized (this) {
            slots.giveBack(Objects.requireNonNull(entry.slot));
            entry.slot = null;
            Instant now = clock.instant();
            KeySetState before = entry.state;
            if (checked instanceof Answered good) {
                entry.state = before.good(good.body(), now);
                Duration age = Objects.requireNonNullElse(good.maxAge(), RefreshPlan.DEFAULT_AGE);
                Duration longest = entry.longestAge();
                entry.plan =
                        entry.plan.succeeded(now, age.compareTo(longest) < 0 ? age : longest, random.getAsDouble());
                counted = good.body().equals(before.document()) ? Outcome.UNCHANGED : Outcome.CHANGED;
            } else {
                Failed failed = (Failed) checked;
                entry.state = before.failed(failed.why());
                entry.plan = entry.plan.failed(now, random.getAsDouble());
                counted = Outcome.valueOf(failed.reason().name());
            }
            if (entries.get(source) == entry
                    && !(Objects.equals(before.document(), entry.state.document())
                            && Objects.equals(before.problem(), entry.state.problem()))) {
                told = Set.copyOf(entry.routes.keySet());
            }
        }
        observer.fetched(counted);
        if (!told.isEmpty()) {
            changed.accept(told);
        }
    }

    /** The same answer in the form that is published, unless it cannot be used. */
    private static FetchOutcome checked(Answered answered) {
        try {
            return new Answered(PublishedSet.of(answered.body()), answered.maxAge());
        } catch (UnusableSetException e) {
            return new Failed(FetchOutcome.Reason.ANSWER, e.why());
        }
    }
}
