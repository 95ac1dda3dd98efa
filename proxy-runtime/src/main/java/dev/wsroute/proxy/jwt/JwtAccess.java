// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.jwt;

import dev.wsroute.config.AccessConfig;
import dev.wsroute.config.CertificateReport;
import dev.wsroute.config.DenyListSource;
import dev.wsroute.config.JwtRules;
import dev.wsroute.config.ProxyConfig;
import dev.wsroute.config.RuleConfig;
import dev.wsroute.proxy.access.AccessPart;
import dev.wsroute.proxy.access.AccessStep;
import dev.wsroute.proxy.access.CheckWorkers;
import dev.wsroute.proxy.drain.CloseQueue;
import dev.wsroute.proxy.drain.ConnectionRegistry;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** Tokens as access rules use them: follows key sets and deny lists, and creates the steps of rules. Used on the control thread only. */
public final class JwtAccess implements AccessPart {

    private static final int REMEMBERED = 8192;
    private static final long REMEMBERED_BYTES = 16L * 1024 * 1024;
    /** A small proxy remembers less. */
    private static final int PART_OF_HEAP = 32;

    /** Half of them for one client. */
    private static final int PLACES = 1024;

    private final FollowedTokens followed;
    private final InstantSource clock;
    private final UnknownKeys unknownKeys;
    private final VerifiedTokens known = new VerifiedTokens(
            REMEMBERED, Math.min(REMEMBERED_BYTES, Runtime.getRuntime().maxMemory() / PART_OF_HEAP));
    private final CheckWorkers workers =
            new CheckWorkers("tokens", Math.max(1, Runtime.getRuntime().availableProcessors() / 2), PLACES, PLACES);

    /** @param factory creates sources */
    public JwtAccess(Executor control, TokenMaterialSources factory, InstantSource clock) {
        this.followed = new FollowedTokens(control, factory);
        this.clock = clock;
        this.unknownKeys = new UnknownKeys(clock);
    }

    /**
     * Closes open WebSockets whose tokens are revoked. Call before the first document.
     *
     * @param queue closes them, evenly if they are many
     */
    public void endRevoked(ConnectionRegistry connections, CloseQueue queue) {
        followed.end(new RevokedConnections(connections, queue));
    }

    @Override
    public List<CertificateReport> faults() {
        return followed.faults();
    }

    @Override
    public void whenChanged(Runnable changed) {
        followed.whenChanged(changed);
    }

    /** Fetched key sets that lacked the key of a token lately, by their keys in the ConfigMap. Thread-safe. */
    public List<String> unknownKeys() {
        return unknownKeys.lately();
    }

    /** @param changed called on any thread when {@link #unknownKeys()} has a new one; must not block */
    public void onUnknownKey(Runnable changed) {
        unknownKeys.onNews(changed);
    }

    @Override
    public CompletableFuture<Void> require(ProxyConfig config) {
        return followed.require(config);
    }

    @Override
    public void applied(ProxyConfig config) {
        followed.applied(config);
    }

    @Override
    public @Nullable AccessStep step(String route, RuleConfig rule) {
        AccessConfig access = rule.access();
        JwtRules rules = access == null ? null : access.jwt();
        if (rules == null) {
            return null;
        }
        List<ProviderVerifier> providers = rules.providers().stream()
                .map(provider -> new ProviderVerifier(provider, followed.keys(provider), clock, unknownKeys))
                .toList();
        DenyListSource denyList = rules.denyList();
        return new JwtStep(
                rules,
                new TokenVerifier(rules, providers, known),
                denyList == null ? null : followed.denied(denyList),
                workers);
    }

    @Override
    public void close() {
        followed.close();
        workers.close();
    }
}
