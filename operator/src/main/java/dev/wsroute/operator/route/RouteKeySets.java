// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.route;

import dev.wsroute.api.v1alpha1.WebSocketRoute;
import dev.wsroute.operator.compile.Compilation;
import dev.wsroute.operator.compile.Compilation.Compiled;
import dev.wsroute.operator.compile.KeySetNeed;
import dev.wsroute.operator.jwks.KeySetNotes;
import dev.wsroute.operator.jwks.KeySetWatch;
import dev.wsroute.operator.jwks.PublishedSets;
import dev.wsroute.operator.resources.OwnedNames;
import dev.wsroute.operator.resources.ProxyKeySets;
import dev.wsroute.operator.status.ApplyOutcome;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Decides which key sets a route's proxies get. While a route is not accepted, the sets of its last accepted configuration are
 * refreshed all the same, or the proxies would refuse tokens of keys that came later.
 */
final class RouteKeySets {

    private static final PatchContext APPLY = new PatchContext.Builder()
            .withForce(true)
            .withFieldManager(OwnedNames.FIELD_MANAGER)
            .withPatchType(PatchType.SERVER_SIDE_APPLY)
            .build();

    private final KeySetWatch watch;
    private final Clock clock;
    private final ConcurrentHashMap<String, PublishedSets> last = new ConcurrentHashMap<>();

    RouteKeySets(KeySetWatch watch, Clock clock) {
        this.watch = watch;
        this.clock = clock;
    }

    /** What the proxies of {@code route} should get now. */
    PublishedSets decide(WebSocketRoute route, Compilation compilation, Context<WebSocketRoute> context) {
        String uid = route.getMetadata().getUid();
        if (compilation instanceof Compiled compiled && compiled.keySets().isEmpty()) {
            if (last.remove(uid) != null) {
                watch.forget(ResourceID.fromResource(route));
            }
            return PublishedSets.NONE;
        }
        Optional<ConfigMap> map = ProxyKeySets.of(route, context);
        String notes = map.map(ProxyKeySets::notes).orElse(null);
        List<KeySetNeed> needs = compilation instanceof Compiled compiled
                ? compiled.keySets()
                : KeySetNotes.needs(notes, route.getMetadata().getNamespace());
        if (needs.isEmpty()) {
            return PublishedSets.NONE;
        }
        boolean keysAreMissing = askForMissingKeys(route, needs, context);
        PublishedSets sets = PublishedSets.of(
                needs,
                watch.states(ResourceID.fromResource(route), needs),
                map.map(ConfigMap::getData).orElse(Map.of()),
                notes,
                clock.instant());
        last.put(uid, sets);
        return keysAreMissing ? sets.whileKeysAreMissing(clock.instant()) : sets;
    }

    /** @return whether a proxy misses a key */
    private boolean askForMissingKeys(WebSocketRoute route, List<KeySetNeed> needs, Context<WebSocketRoute> context) {
        Set<String> wanted = RouteStatus.keySetsWithUnknownKeys(route, context);
        List<KeySetNeed> missing =
                needs.stream().filter(need -> wanted.contains(need.key())).toList();
        missing.forEach(need -> watch.unknownKey(need.source()));
        return !missing.isEmpty();
    }

    /** Publishes {@code sets} if nothing else did, because the route is not accepted or its objects cannot be written. */
    void publish(WebSocketRoute route, ApplyOutcome outcome, PublishedSets sets, Context<WebSocketRoute> context) {
        if (outcome instanceof ApplyOutcome.Applied || sets.equals(PublishedSets.NONE)) {
            return;
        }
        ConfigMap map = ProxyKeySets.of(route, context).orElse(null);
        if (map == null) {
            return;
        }
        Map<String, String> before = Objects.requireNonNullElse(map.getData(), Map.of());
        if (before.equals(sets.data()) && sets.notes().equals(ProxyKeySets.notes(map))) {
            return;
        }
        // Applied and not merged, or a later apply would not remove what this one has written.
        context.getClient().resource(ProxyKeySets.whole(route, sets)).patch(APPLY);
    }

    /** When the route has to be reconciled again for its key sets even if nothing happens; zero: never. */
    Duration next(PublishedSets sets) {
        Instant now = clock.instant();
        return sets.next()
                .map(next -> next.isAfter(now) ? Duration.between(now, next).plusMillis(1) : Duration.ofSeconds(1))
                .orElse(Duration.ZERO);
    }

    /** One entry for each key set of the route that is missing, withdrawn or not up to date. */
    List<PublishedSets.Problem> problems(WebSocketRoute route) {
        return last.getOrDefault(route.getMetadata().getUid(), PublishedSets.NONE)
                .problems();
    }

    /** Forgets a deleted route. */
    void forget(WebSocketRoute route) {
        last.remove(route.getMetadata().getUid());
        watch.forget(ResourceID.fromResource(route));
    }
}
