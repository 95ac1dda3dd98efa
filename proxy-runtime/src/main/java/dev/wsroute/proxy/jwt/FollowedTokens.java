// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.jwt;

import dev.wsroute.config.CertificateReport;
import dev.wsroute.config.CertificateReport.Place;
import dev.wsroute.config.DenyListSource;
import dev.wsroute.config.JwtProvider;
import dev.wsroute.config.KeySource;
import dev.wsroute.config.ProxyConfig;
import dev.wsroute.keys.KeySet;
import dev.wsroute.keys.KeySetException;
import dev.wsroute.proxy.jwt.RevokedConnections.RuleName;
import dev.wsroute.proxy.material.FollowedMaterial;
import dev.wsroute.proxy.material.KeptMaterial;
import dev.wsroute.proxy.material.MaterialException;
import dev.wsroute.proxy.material.MaterialParser;
import dev.wsroute.proxy.material.SharedMaterial;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The key sets and deny lists that a document names. What was read last and is sound is in force; it is kept in memory only.
 * Confined to the control thread, but for what it supplies.
 */
final class FollowedTokens {

    private final SharedMaterial<KeySource, KeySet> keySets;
    private final SharedMaterial<DenyListSource, DenyList> denyLists;
    private final Map<List<KeySource>, Ring> rings = new HashMap<>();
    private final Map<DenyListSource, Denied> denied = new HashMap<>();
    private @Nullable RevokedConnections revoked;
    private TokenNeeds current = TokenNeeds.NONE;
    private Runnable changed = () -> {};

    /** The keys in force, for all threads. */
    private static final class Ring {
        volatile KeyRing keys = KeyRing.EMPTY;
    }

    /** The list in force, for all threads; null before it is known. */
    private static final class Denied {
        volatile @Nullable DenyList list;
    }

    FollowedTokens(Executor control, TokenMaterialSources factory) {
        this.keySets = new SharedMaterial<>(source -> new FollowedMaterial<>(
                source.label(),
                MaterialParser.of("keys of tokens", source.key(), (key, data) -> keySet(data)),
                control,
                factory.keys(source),
                KeptMaterial.NONE,
                this::update));
        this.denyLists = new SharedMaterial<>(source -> new FollowedMaterial<>(
                source.label(),
                MaterialParser.of("revoked tokens", DenyListSource.DATA_KEY, DenyList::parse),
                control,
                factory.denyList(source),
                KeptMaterial.NONE,
                this::update));
    }

    private static KeySet keySet(byte[] data) throws MaterialException {
        try {
            return KeySet.parse(data);
        } catch (KeySetException e) {
            throw new MaterialException(e.sentence(), e);
        }
    }

    /** Starts following a document's sources in addition to the current ones. Completes when all of them have reported. */
    CompletableFuture<Void> require(ProxyConfig config) {
        TokenNeeds needs = TokenNeeds.of(config);
        return CompletableFuture.allOf(keySets.require(needs.keySources()), denyLists.require(needs.denyLists()));
    }

    /** Switches to the sources of an applied document, and stops following others. */
    void applied(ProxyConfig config) {
        use(TokenNeeds.of(config));
    }

    private void use(TokenNeeds needs) {
        current = needs;
        keySets.require(needs.keySources());
        denyLists.require(needs.denyLists());
        keySets.retain(needs.keySources());
        denyLists.retain(needs.denyLists());
        rings.keySet().retainAll(needs.keySets());
        denied.keySet().retainAll(needs.denyLists());
        update();
    }

    /** Stops following anything. */
    void close() {
        use(TokenNeeds.NONE);
    }

    private void update() {
        for (List<KeySource> sources : current.keySets()) {
            Ring ring = ring(sources);
            List<KeySet> sets = new ArrayList<>();
            for (KeySource source : sources) {
                KeySet good = keySets.follow(source).good();
                if (good != null) {
                    sets.add(good);
                }
            }
            if (!ring.keys.isOf(sets)) {
                ring.keys = KeyRing.of(sets);
            }
        }
        for (DenyListSource source : current.denyLists()) {
            denyList(source).list = denyLists.follow(source).good();
        }
        if (revoked != null) {
            revoked.use(listsOfRules());
        }
        changed.run();
    }

    private Map<RuleName, DenyList> listsOfRules() {
        Map<RuleName, DenyList> lists = new HashMap<>();
        for (TokenNeeds.Denied each : current.denied()) {
            DenyList good = denyLists.follow(each.source()).good();
            if (good != null) {
                lists.put(new RuleName(each.route(), each.rule()), good);
            }
        }
        return lists;
    }

    /** Closes open WebSockets whose tokens are revoked. Call before the first document. */
    void end(RevokedConnections connections) {
        revoked = connections;
    }

    List<CertificateReport> faults() {
        List<CertificateReport> faults = new ArrayList<>();
        for (TokenNeeds.Keys each : current.keys()) {
            each.sources().forEach(source -> addFault(faults, each.place(), keySets.follow(source)));
        }
        current.denied().forEach(each -> addFault(faults, each.place(), denyLists.follow(each.source())));
        return List.copyOf(faults);
    }

    private static void addFault(List<CertificateReport> faults, Place place, FollowedMaterial<?> followed) {
        String fault = followed.fault();
        if (fault != null) {
            faults.add(CertificateReport.faulty(place, followed.label(), null, fault));
        }
    }

    void whenChanged(Runnable listener) {
        changed = listener;
    }

    private Ring ring(List<KeySource> sources) {
        return rings.computeIfAbsent(sources, each -> new Ring());
    }

    private Denied denyList(DenyListSource source) {
        return denied.computeIfAbsent(source, each -> new Denied());
    }

    /** The keys in force of a provider of the applied document; none before they have been read. May be asked by any thread. */
    Supplier<KeyRing> keys(JwtProvider provider) {
        Ring ring = ring(provider.keys());
        return () -> ring.keys;
    }

    /** The list in force; null before it has been read. May be asked by any thread. */
    Supplier<@Nullable DenyList> denied(DenyListSource source) {
        Denied list = denyList(source);
        return () -> list.list;
    }
}
