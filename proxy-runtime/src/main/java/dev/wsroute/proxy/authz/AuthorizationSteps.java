// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.authz;

import dev.wsroute.config.BackendConfig;
import dev.wsroute.config.ExternalAuthorization;
import dev.wsroute.config.RuleConfig;
import dev.wsroute.config.RuleConfig.Timeouts;
import dev.wsroute.proxy.access.AccessPart;
import dev.wsroute.proxy.access.AccessStep;
import dev.wsroute.proxy.memory.MemoryBudgets;
import dev.wsroute.proxy.metrics.ProxyMetrics;
import dev.wsroute.proxy.routing.ActiveRule;
import dev.wsroute.proxy.routing.EndpointSelector;
import dev.wsroute.proxy.tls.TlsBackend;
import dev.wsroute.proxy.upstream.BackendDialer;
import io.netty.handler.codec.http.HttpHeaders;
import java.lang.ref.WeakReference;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Creates the steps that ask authorization services. A rule whose service and settings stay keeps its client, with its connections
 * and answers, across configurations. Used on the control thread only.
 */
public final class AuthorizationSteps implements AccessPart {

    private final BiFunction<String, RuleConfig, EndpointSelector> selectors;
    private final Function<BackendConfig, @Nullable TlsBackend> tls;
    private final Function<Timeouts, BackendDialer> dialers;
    private final BiConsumer<HttpHeaders, HttpHeaders> loops;
    private final MemoryBudgets memory;
    private final ProxyMetrics metrics;
    /** Held by the rules in force, and by the connections that were opened with them. */
    private final Map<ClientKey, WeakReference<AuthorizationClient>> clients = new HashMap<>();

    private record ClientKey(
            String route, String rule, ExternalAuthorization config, Map<String, TlsBackend> secured) {}

    /**
     * @param selectors creates the endpoint selector of a route's rule
     * @param tls TLS to a backend; null for none
     * @param dialers opens connections with the timeouts of a rule
     * @param loops marks the headers of a subrequest, by those of the request, so that loops are found
     * @param memory budgets for TLS and unfinished heads
     */
    public AuthorizationSteps(
            BiFunction<String, RuleConfig, EndpointSelector> selectors,
            Function<BackendConfig, @Nullable TlsBackend> tls,
            Function<Timeouts, BackendDialer> dialers,
            BiConsumer<HttpHeaders, HttpHeaders> loops,
            MemoryBudgets memory,
            ProxyMetrics metrics) {
        this.selectors = selectors;
        this.tls = tls;
        this.dialers = dialers;
        this.loops = loops;
        this.memory = memory;
        this.metrics = metrics;
    }

    @Override
    public @Nullable AccessStep step(String route, RuleConfig rule) {
        RuleConfig service = rule.authorization();
        ExternalAuthorization config =
                rule.access() == null ? null : rule.access().external();
        if (service == null || config == null) {
            return null;
        }
        clients.values().removeIf(client -> client.get() == null);
        TlsBackend known = tls.apply(config.service());
        Map<String, TlsBackend> secured =
                known == null ? Map.of() : Map.of(config.service().name(), known);
        ActiveRule asked = new ActiveRule(route, service, selectors.apply(route, service), secured);
        ClientKey key = new ClientKey(route, rule.name(), config, secured);
        WeakReference<AuthorizationClient> earlier = clients.get(key);
        AuthorizationClient client = earlier == null ? null : earlier.get();
        if (client == null) {
            client = new AuthorizationClient(
                    new AuthorizationTerms(
                            config,
                            dialers.apply(service.timeouts()),
                            memory,
                            metrics,
                            ClientLimits.DEFAULT,
                            System::nanoTime),
                    asked);
            clients.put(key, new WeakReference<>(client));
        } else {
            client.follow(asked);
        }
        return new ExternalStep(client, loops);
    }
}
